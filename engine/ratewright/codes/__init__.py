"""Every code a diagnostic can have: its title, and a paragraph on what it means and what to do.

In: the codes that each folder reports. Out: one catalogue of them.

The codes never change their meaning; a finding that is dropped leaves its number unused. A letter says where a code
comes from: R the rules as written, C the checks of a sound list, A an account and its bill, U the usage files, X a
template, a style file or a logo of one's own, and paper, L the command line. Those of R, C and A stand here, since
several folders report them; the others stand beside the code that reports them and are joined in.
"""
