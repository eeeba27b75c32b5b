"""How a page is fetched and read: page objects (pure) and the Scrapy parts around them."""
