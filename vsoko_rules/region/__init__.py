"""How a region's study is organised: its phases, its schools and people, who assesses whom, and what comes of two who
assessed the same school. Pure: records in, records or problems out; it knows neither the database nor the page."""
