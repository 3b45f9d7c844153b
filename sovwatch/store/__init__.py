"""What is remembered: SQLAlchemy Core on SQLite or PostgreSQL, spoken to in the words of the trade.

`Store` opens the database, keeps its schema current and gives transactions; the modules of this room hold the verbs,
each taking the connection of a transaction first:

    storable   what both databases take
    articles   what was read, and which of it is the same article
    arrivals   the same for what came together
    missing    pages that answered 404, and since when
    candidates what an article may share wording or happening with
    placing    what was decided of articles, and what waits
    telling    what is owed to channels
    history    what they were told of a story
    edits      what they have not heard of its edits
    counting   what a digest's footer counts
    steering   what people said of stories
    rejudging  what is judged again although nobody changed it
    overview   what `status` counts
    queue      the outbox
    sources    when sources are due and how they do
    rereading  which pages are read again without being listed
    robots     what the robots.txt of sites said
    memory     what a crawl's child asks
    leases     one run at a time
    schedule   which digests and runs were done
    retention  what is forgotten
    reading    export, explain and what comes near
    searching  words in the archive
    copying    a whole database into another
    bulk       very many rows into PostgreSQL
    fleet      workers and their queues
    lists      many values for one statement
    upserts    INSERT … ON CONFLICT

Writes take SQLite's write lock at once (BEGIN IMMEDIATE): with the default, 40 % of concurrent read-then-write
transactions fail in spite of a busy timeout (measured).
"""

from sovwatch.store.database import Store, clashed, open_store
from sovwatch.store.memory import open_memory

__all__ = ["Store", "clashed", "open_memory", "open_store"]
