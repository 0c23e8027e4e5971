"""The figures this product is built to reach, measured on the machine at hand.

    python -m benchmarks                 all of them
    python -m benchmarks pages load      some
    python -m benchmarks --seconds 10    a shorter load test

Every figure stands beside a bare bound measured in the same run (the least work that could do the job), so that
the ratio says something on a slow or busy machine too. Medians decide; the fastest run is printed beside them.
"""
