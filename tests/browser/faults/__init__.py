"""A judging day on real tablets: Chromium pages driven by their own controls, while everything fails that can fail.

`python -m tests.browser.faults` plays it; docs/faults.md keeps what long runs found.

    ledger   what the tablets' screens showed, touch by touch, and how far it was shown as delivered
    line     the network between a tablet and the server: messages arrive twice, late, or their answer is lost
    tablet   one judge at one browser with a profile on the disk: marks, loses the network, reloads, goes flat
    hall     the day: all tablets at once, the server killed and copied meanwhile, and the report
    check    what the screens showed against what is kept
"""
