"""Whose numbers the sandbox's stories move, and from or to which carrier."""

from dataclasses import dataclass

LINES = 100  # 555-0100 to 555-0199 are kept for fiction in every area


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer of ours, with the carrier on the other side of their port."""

    prefix: str
    entity: str
    person: str
    area: str
    carrier: str
    spid: str


@dataclass(frozen=True, slots=True)
class Role:
    """What one story is about: a customer, their order's reference and its numbers in E.164."""

    customer: Customer
    reference: str
    numbers: tuple[str, ...]


CUSTOMERS = (
    Customer("ACME", "Acme Dental Group", "Jo Marsh", "303", "Onvoy", "7577"),
    Customer("GLOBEX", "Globex Logistics", "Sam Okafor", "312", "Bandwidth", "981E"),
    Customer("HOOLI", "Hooli Clinics", "Pat Lindqvist", "206", "Lumen", "9740"),
    Customer("INITECH", "Initech Software", "Lee Tanaka", "512", "AT&T", "9533"),
    Customer("UMBRA", "Umbra Pharmacies", "Kim Duarte", "617", "Peerless Network", "604D"),
    Customer("WAYNE", "Wayne Home Care", "Alex Novak", "973", "T-Mobile USA", "6529"),
    Customer("STARK", "Stark Heating & Air", "Chris Adeyemi", "415", "Comcast IP Phone", "7610"),
)


class Casting:
    """Deals a role a story: customers in turn, references counting up from `first`."""

    def __init__(self, first: int) -> None:
        self._first = first
        self._dealt = 0
        self._line = first

    def role(self, numbers: int) -> Role:
        """The next customer with that many numbers."""
        customer = CUSTOMERS[self._dealt % len(CUSTOMERS)]
        reference = f"{customer.prefix}-{self._first + self._dealt}"
        lines = range(self._line, self._line + numbers)
        self._dealt += 1
        self._line += numbers
        return Role(customer, reference, tuple(f"+1{customer.area}55501{line % LINES:02}" for line in lines))
