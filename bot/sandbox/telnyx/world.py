"""What happens at the stand-in Telnyx: orders, their events, and the verbs that move them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal, TypeAlias, Unpack

from bot.sandbox.telnyx import payloads
from bot.sandbox.telnyx.ledger import EventLedger, Timing
from bot.sandbox.telnyx.orders import Comment, Number, PortIn, PortOut
from bot.sandbox.telnyx.wire import utc_now

Author: TypeAlias = Literal["user", "admin", "system"]
MADE_UP = ""
TOLL_FREE = ("+1800", "+1833", "+1844", "+1855", "+1866", "+1877", "+1888")


class TelnyxWorld(EventLedger):
    """Orders and events of one account. All times are aware and UTC; `seed` decides all ids."""

    def __init__(
        self, *, api_key: str = "KEY_SANDBOX", now: Callable[[], datetime] = utc_now, seed: int = 0
    ) -> None:
        super().__init__(api_key=api_key, now=now, seed=seed)
        self.port_ins: dict[str, PortIn] = {}
        self.port_outs: dict[str, PortOut] = {}
        self.user_id = self.new_id()

    def add_port_in(
        self, *, reference: str | None, numbers: Sequence[str], carrier: str, foc_requested: datetime | None,
        support_key: str | None = MADE_UP, parent_support_key: str | None = None,
        group_reference: str | None = None, entity_name: str | None = "Example Company",
        person_name: str | None = "Robin Example", created_at: datetime | None = None,
    ) -> str:  # fmt: skip
        """A draft order; no event. Drafts show no support key yet; an empty one is made up."""
        at, order_id = created_at or self.now(), self.new_id()
        self.port_ins[order_id] = PortIn(
            order_id=order_id,
            created_at=at,
            updated_at=at,
            numbers=[Number(self.new_id(), e164) for e164 in numbers],
            carrier=carrier,
            user_id=self.user_id,
            canary=order_id[:8],
            reference=reference,
            group_reference=group_reference,
            support_key=f"sr_{order_id[-6:]}" if support_key == MADE_UP else support_key,
            parent_support_key=parent_support_key,
            entity_name=entity_name,
            person_name=person_name,
            phone_number_type="toll_free" if numbers and numbers[0].startswith(TOLL_FREE) else "local",
            foc_requested=foc_requested,
        )
        return order_id

    def add_port_out(
        self, *, numbers: Sequence[str], carrier: str, spid: str, subscriber_name: str | None = None,
        pon: str | None = None, foc_date: datetime | None = None, **timing: Unpack[Timing],
    ) -> str:  # fmt: skip
        """A pending request, with its first event; returns the port-out's id."""
        at, order_id = timing.get("created_at") or self.now(), self.new_id()
        order = PortOut(
            order_id=order_id,
            created_at=at,
            updated_at=at,
            numbers=list(numbers),
            carrier=carrier,
            spid=spid,
            user_id=self.user_id,
            canary=order_id[:8],
            subscriber_name=subscriber_name,
            pon=pon,
            foc_requested=foc_date,
            foc=foc_date,
        )
        self.port_outs[order_id] = order
        self.publish("portout.status_changed", order_id, payloads.port_out_status_payload(order), timing)
        return order_id

    def set_status(
        self, order_id: str, status: str, *, details: Sequence[tuple[str, str]] = (),
        foc: datetime | None = None, **timing: Unpack[Timing],
    ) -> str:  # fmt: skip
        """Move an order, `details` being (code, description) pairs; returns the event's id."""
        at = timing.get("created_at") or self.now()
        if port_out := self.port_outs.get(order_id):
            port_out.move(status, details[0][1] if details else None, foc, at)
            payload = payloads.port_out_status_payload(port_out)
            return self.publish("portout.status_changed", order_id, payload, timing)
        order = self.port_ins[order_id]
        order.move(status, details, foc, at)
        payload = payloads.port_in_status_payload(order, at)
        return self.publish("porting_order.status_changed", order_id, payload, timing)

    def comment(self, order_id: str, body: str, *, author: Author = "admin", **timing: Unpack[Timing]) -> str:
        """Comment on an order of either kind; returns the event's id."""
        order = self.port_outs.get(order_id) or self.port_ins[order_id]
        at, user_id = timing.get("created_at") or self.now(), self.user_id if author == "user" else None
        said = Comment(self.new_id(), order_id, body, author, user_id, at)
        order.comments.append(said)
        if isinstance(order, PortOut):
            payload = payloads.port_out_comment_payload(said)
            return self.publish("portout.new_comment", order_id, payload, timing)
        payload = payloads.port_in_comment_payload(order, said)
        return self.publish("porting_order.new_comment", order_id, payload, timing)

    def split(self, order_id: str, numbers: Sequence[str], **timing: Unpack[Timing]) -> tuple[str, str]:
        """Move numbers into an order of their own; returns the new order's id and the event's id."""
        order = self.port_ins[order_id]
        moved = [number for number in order.numbers if number.e164 in numbers]
        if len(moved) != len(set(numbers)):
            raise ValueError("every number that is split off must be the order's")
        order.parent_support_key = order.parent_support_key or f"pr_{order_id[-6:]}"
        new_id = self.add_port_in(
            reference=order.reference,
            numbers=(),
            carrier=order.carrier,
            foc_requested=order.foc_requested,
            parent_support_key=order.parent_support_key,
            group_reference=order.group_reference,
            entity_name=order.entity_name,
            person_name=order.person_name,
            created_at=timing.get("created_at"),
        )
        new = self.port_ins[new_id]
        new.status, new.numbers, new.phone_number_type = order.status, moved, order.phone_number_type
        order.numbers = [number for number in order.numbers if number not in moved]
        payload = payloads.split_payload(order, new)
        return new_id, self.publish("porting_order.split", order_id, payload, timing)

    def set_messaging(self, order_id: str, status: str, **timing: Unpack[Timing]) -> str:
        """Move an order's messaging; returns the event's id."""
        order = self.port_ins[order_id]
        order.messaging_status = status
        return self.publish(
            "porting_order.messaging_changed", order_id, payloads.messaging_payload(order), timing
        )

    def delete(self, order_id: str, **timing: Unpack[Timing]) -> str:
        """Delete an order, which cannot be shown any more; returns the event's id."""
        order = self.port_ins.pop(order_id)
        payload = payloads.deleted_payload(order, timing.get("created_at") or self.now())
        return self.publish(payloads.DELETED, order_id, payload, timing)

    def set_foc(self, portout_id: str, foc: datetime | None, **timing: Unpack[Timing]) -> str:
        """The gaining carrier asks for another date; returns the event's id."""
        order = self.port_outs[portout_id]
        order.foc, order.updated_at = foc, timing.get("created_at") or self.now()
        return self.publish("portout.foc_date_changed", portout_id, payloads.foc_payload(order), timing)

    def move_foc(self, order_id: str, foc: datetime | None) -> None:
        """A port-in's FOC moves or is lost; Telnyx makes no event of that alone."""
        order = self.port_ins[order_id]
        order.foc_actual, order.updated_at = foc, self.now()

    def update_loa(self, order_id: str, **timing: Unpack[Timing]) -> str:
        """A new letter of authorisation; its event never has a payload."""
        return self.publish("porting_order.loa_updated", order_id, None, timing)

    def expire_sharing_token(self, order_id: str, **timing: Unpack[Timing]) -> str:
        """A sharing token ran out; its event never has a payload."""
        return self.publish("porting_order.sharing_token_expired", order_id, None, {"methods": (), **timing})
