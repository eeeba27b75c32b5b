"""The laws a world can obey. Each group has several; a world draws one of each group by its seed.

Laws that are ``kept_apart`` are drawn in held-out worlds only, three or more in each: nobody looks at those while
building the flags.
"""

from dataclasses import dataclass

from numpy.random import Generator


@dataclass(frozen=True, slots=True)
class Law:
    name: str
    says: str
    kept_apart: bool = False


LAWS: dict[str, tuple[Law, ...]] = {
    "speed": (
        Law("fast", "every product sells 15 to 300 a day"),
        Law("mixed", "0.5 to 80 a day, spread evenly in logarithms"),
        Law("slow", "0.3 to 5 a day: the rank jumps with each sale and slides until the next"),
    ),
    "chance": (
        Law("poisson", "sales of a day are Poisson"),
        Law("negative binomial", "each day's rate is multiplied by a gamma variable of shape 6"),
        Law("heavy tails", "by exp(0.25 t) with Student's t of 3 degrees: some days are wild", kept_apart=True),
    ),
    "season": (
        Law("level", "the same rate every day"),
        Law("trends", "each product rises or falls by up to 0.7 % a day"),
        Law("weekend", "1.5 times on Saturday and Sunday"),
        Law("weekdays", "half on Saturday and Sunday, best on Monday"),
        Law("niche", "all watched products share an AR(1) season (0.95 a day, standard deviation 0.25 in logarithms)"),
        Law("prime day", "three days on which the whole niche sells 2 to 5 times as much"),
        Law("regimes", "each product switches between two rates 1.35 apart, every 9 days on average", kept_apart=True),
    ),
    "rank": (
        Law("hourly", "power law of sales remembered for 0.6 to 1.5 days, updated all the time"),
        Law("daily", "remembered for 1 to 3 days, updated at midnight"),
        Law("long memory", "remembered for 5 days"),
        Law("restless", "as hourly, and the rest of the category shifts all ranks by 12 % from night to night"),
        Law("two clocks", "geometric mean of a memory of 1 day and one of 12", kept_apart=True),
    ),
    "reviews": (
        Law("poisson", "0.1 to 8 a day, Poisson"),
        Law("negative binomial", "0.1 to 8 a day with a gamma rate of shape 2"),
        Law("clustered", "each review brings 0.4 others in the following three days (Hawkes)"),
        Law("trickle", "0.02 to 0.3 a day, and every 30 days or so a handful from a sampling programme"),
        Law("after sales", "in proportion to the sales of the last two weeks"),
        Law("batches", "as Poisson, but the site releases them every 2 to 4 days", kept_apart=True),
    ),
    "corrections": (
        Law("none", "a count never falls by itself"),
        Law("small", "on 4 % of the nights one to three reviews go, for good"),
        Law("return", "on 4 % of the nights up to 0.5 % go, and half of the time they are back within three nights"),
    ),
    "rating": (
        Law("mean", "the mean of all stars, rounded to 0.1"),
        Law("weighted", "the mean plus a constant of the product's own (the site weighs reviews)"),
    ),
    "prices": (
        Law("calm", "prices stand still"),
        Law("cents", "half of the products move by up to 1.5 % every few nights"),
        Law("see-saws", "a quarter fall by 1 % to 2 % a night and jump back after 7 % to 12 %, all the time"),
        Law("followers", "a quarter follow the lowest price of the others, within 12 % of their own"),
        Law("weekenders", "a quarter are 10 % to 15 % cheaper from Friday to Sunday, with a deal badge or without"),
        Law("random walk", "half move by about 1 % a night, held within 8 % of their price", kept_apart=True),
    ),
    "stock": (
        Law("warned", '"only N left" shows two to four nights before a stock-out'),
        Law("unwarned", "a stock-out comes without warning"),
        Law("always few", 'as warned, and two rivals show a wobbling "only N left" all the time'),
    ),
    "sellers": (
        Law("one", "each product has one seller"),
        Law("rotating", "on a third of the rivals two or three sellers take turns in the Buy Box"),
    ),
    "offers": (
        Law("still", "the count of other offers stands still"),
        Law("wobbling", "it moves by one or two every few nights"),
    ),
    "results": (
        Law("sticky", "places move by 4 % a night around their own level"),
        Law("noisy", "by 15 % a night, drawn back to their level within a week"),
        Law("personalised", "every reading is shuffled by 8 %"),
        Law("edge", "a third of the places lie at the end of page one and drop in and out"),
        Law("page length", "page one changes from 16 to 22 organic results, or back, on a night of its own"),
        Law("blocks", "runs of four results are turned round at random every night", kept_apart=True),
    ),
    "ads": (
        Law("none", "nobody advertises unless it is planted"),
        Law("rotating", "a third of the products show an ad for a keyword in 15 % to 60 % of the readings"),
        Law("steady", "a quarter advertise all the time, and are seen in 90 % of the readings"),
    ),
    "content": (
        Law("still", "titles and images change only where planted"),
        Law("tests", "two rivals are tested: two titles, or two main images, alternate at random"),
    ),
    "nights": (
        Law("complete", "every page of every night is read"),
        Law("single", "5 % of the pages are not read"),
        Law("whole", "5 % of the nights are lost, and 2 % of the pages"),
        Law("bursts", "some nights half of the pages are blocked, three nights in a row at worst"),
        Law("fields", "3 % of the values cannot be read"),
        Law("fortnight", "two gaps of five to nine nights, and 2 % of the pages", kept_apart=True),
    ),
    "hours": (
        Law("same", "at three in the morning"),
        Law("irregular", "at any hour, one crawl a day"),
        Law("twice", "every third day is crawled a second time, in the afternoon"),
    ),
    "density": (
        Law("quiet", "a planted move in 15 % of the places for one"),
        Law("usual", "in 40 %"),
        Law("busy", "in 75 %"),
    ),
}


def draw(chance: Generator, *, held_out: bool) -> dict[str, str]:
    """Group -> law of a world; a held-out one obeys at least three laws that are kept apart."""
    apart = [group for group, laws in LAWS.items() if any(law.kept_apart for law in laws)]
    strange = set(chance.choice(apart, size=int(chance.integers(3, len(apart))), replace=False)) if held_out else set()
    return {
        group: str(chance.choice([law.name for law in laws if law.kept_apart == (group in strange)]))
        for group, laws in LAWS.items()
    }
