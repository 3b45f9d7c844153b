"""Many workers on one PostgreSQL: the stages of `sovwatch.app` as jobs on Procrastinate.

    plan     every tick: what is due → one job each        collect → judge → tell → deliver
    collect  the due sources of a group of hosts           lock: the group      → judge
    judge    what is pending of a share of the articles    lock: share          → tell, for channels that are owed
    tell     a channel's alerts, digest and notices        lock: the channel    → deliver
    deliver  a channel's outbox                            lock: the channel
    forget   what retention lets go                        lock: forget

A job says what to look at, never what to do with it: it asks the database what is due when it starts. So a job may be
lost, doubled, late or killed at any line, and the next plan finds what is left; the locks are for manners and for
speed, and the database itself decides where it matters (docs/scale.md, docs/decisions/0010).

`jobs` knows the work and its locks, `queue` Procrastinate, `membership` the lease that keeps a fleet and cron apart,
`worker` puts them together.
"""
