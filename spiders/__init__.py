"""Getting the news: the only room that knows Scrapy, feedparser and trafilatura."""
