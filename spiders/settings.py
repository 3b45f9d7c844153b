"""Scrapy's settings: the module for `scrapy list` and scrapy.cfg, `scrapy_settings` with the operator's own.

Each override names the default that it replaces; the dangerous ones were measured on Scrapy 2.19.
"""

from typing import Any

from sovwatch.settings import CrawlSettings

BOT_NAME = "sovwatch"
SPIDER_MODULES = ["spiders"]  # one file in this folder is one spider
NEWSPIDER_MODULE = "spiders"

REMOTE_CONTROL_ENABLED = False  # default True: an HTTP server on loopback that runs any Python
TELNETCONSOLE_ENABLED = False  # default True: a console on 127.0.0.1:6023
DOWNLOAD_VERIFY_CERTIFICATES = True  # default False: any certificate is accepted
ROBOTSTXT_OBEY = True  # default False
DOWNLOAD_MAXSIZE = 8 * 1024 * 1024  # default 1 GiB; holds after decompression as well
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 20  # default 180 s, which also bounds how long a stop takes
DOWNLOAD_FAIL_ON_DATALOSS = False  # a length that lies: what came is read, and the answer marked
DOWNLOAD_DELAY = 2
DOWNLOAD_DELAY_JITTER = 0.25
CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # default 8
SCHEDULER_PRIORITY_QUEUE = "spiders.turns.Turns"  # the default's, but that no host takes the places of others
REDIRECT_MAX_TIMES = 5  # default 20
METAREFRESH_ENABLED = False
RETRY_TIMES = 1  # default 2; a source comes again by its own schedule anyway
RETRY_HTTP_CODES = [500, 502, 504, 522, 524, 408]  # not 429 and 503: those have asked to be left alone
HTTPCACHE_ENABLED = False  # RFC 2616 heuristics call a two-month-old feed fresh for days
COOKIES_ENABLED = False
DNS_TIMEOUT = 10
DEFAULT_REQUEST_HEADERS = {
    "Accept": "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, "
    "text/html;q=0.8, */*;q=0.5",
    "Accept-Language": "en-CA,fr-CA;q=0.9,en;q=0.8,fr;q=0.7",
}
LOG_LEVEL = "WARNING"
# What is not used is not even imported: a third of a child's start, and no file:, ftp: or s3: address is ever opened.
DOWNLOAD_HANDLERS = dict.fromkeys(("data", "file", "ftp", "s3"))
EXTENSIONS = dict.fromkeys(("scrapy.extensions.telnet.TelnetConsole", "scrapy.extensions.remote_control.RemoteControl"))
TWISTED_DNS_RESOLVER = "spiders.addresses.PublicResolver"
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # news is everywhere
    "spiders.addresses.PublicAddresses": 60,  # before anything is asked of the host, robots.txt included
    "spiders.retry_after.RetryAfter": 70,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,  # switched off, it imports requests all the same
    "spiders.robots.Robots": 100,
    "spiders.share.Share": 110,  # just after robots.txt, which says how long to pause
    "spiders.down.LetBe": 560,  # nearer to the network than RetryMiddleware
    "spiders.turns.Place": 610,  # nearer to the network than RedirectMiddleware
    "spiders.resolve.Resolve": 740,  # just before HttpProxyMiddleware, which honours its answer
}
DOWNLOADER_STATS = False  # counted for nobody
# The default's six each wrap what every callback yields; all answers are wanted, and nothing is followed deeper than
# our own callbacks go. Without the one that is left, each crawl logs a warning.
SPIDER_MIDDLEWARES_BASE = {"scrapy.spidermiddlewares.referer.RefererMiddleware": 700}
REFERRER_POLICY = "no-referrer"
CONCURRENT_ITEMS = 1  # default 100: so many tasks are made for each answer, and our callbacks yield requests alone
WARN_ON_GENERATOR_RETURN_VALUE = False  # default True: reads the source of the callback for every answer (2.19)


def scrapy_settings(crawl: CrawlSettings) -> dict[str, Any]:
    """Return this module's settings with what the operator set in `[crawl]`."""
    own = {name: value for name, value in globals().items() if name.isupper() and not name.startswith("_")}
    return own | {
        # Of the default's eleven the one that knows why a crawl ended; even those that are switched off are imported.
        "EXTENSIONS": {},
        "EXTENSIONS_BASE": {"scrapy.extensions.corestats.CoreStats": 0},
        "USER_AGENT": crawl.user_agent,
        "ROBOTSTXT_OBEY": crawl.robots,
        "DOWNLOAD_DELAY": crawl.delay.total_seconds(),
        "DOWNLOAD_TIMEOUT": crawl.timeout.total_seconds(),
        "DOWNLOAD_MAXSIZE": crawl.max_bytes,
        "CONCURRENT_REQUESTS": crawl.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": crawl.per_host,
        "REDIRECT_MAX_TIMES": crawl.max_redirects,
        "SOVWATCH_SHARE": crawl.share.total_seconds(),
        "SOVWATCH_ALLOW_PRIVATE": list(crawl.allow_private),
        "SOVWATCH_RESOLVE": dict(crawl.resolve),
    }
