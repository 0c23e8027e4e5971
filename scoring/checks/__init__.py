"""Whether a scheme can be judged by: every fault with its place and the way out."""
