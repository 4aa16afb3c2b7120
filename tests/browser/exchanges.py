"""What people of the three settle between them: codes, bays, requests, and routes of two doors."""

import re

from playwright.sync_api import expect

from tests.browser.acts import press
from tests.browser.phones import Phones

NEXT_DOOR = """async () => {
  const { api, newKey } = await import("/lib/api.js");
  const [mina, id] = [api("customer"), JSON.parse(localStorage["ieum.store"])];
  const { location } = await mina.get(`/v1/stores/${id}`);
  const { categories } = await mina.get(`/v1/stores/${id}/menu`);
  const items = categories.flatMap((one) => one.items);
  const dish = items.find((one) => one.names.en === "Vegan gimbap");
  const [east, north] = location.coordinates;
  const beside = { type: "Point", coordinates: [east, Number((north + 0.001).toFixed(6))] };
  const { id: quote_id } = await mina.post("/v1/quotes", {
    store_id: id,
    fulfilment: "delivery",
    items: [{ item_id: dish.id, quantity: 3 }],
    drop_off: { location: beside, address: "Seongmisan-ro 1" },
  });
  const paid = { quote_id, payments: [{ method: "cash" }], channel: "web" };
  return (await mina.post("/v1/orders", paid, { key: newKey() })).order_id;
}"""
UNTIL_READY = """async (orders) => {
  const { api } = await import("/lib/api.js");
  const isReady = async (order) => {
    const seen = await api("store").get(`/v1/orders/${order}/delivery`).catch(() => null);
    return seen && Date.parse(seen.ready_at) <= Date.now();
  };
  for (let looks = 0; looks < 200; looks++) {
    if ((await Promise.all(orders.map(isReady))).every(Boolean)) return;
    await new Promise((done) => setTimeout(done, 300));
  }
  throw new Error("Couriers are not told that it is ready.");
}"""
PIN = """async (order) => {
  const { api } = await import("/lib/api.js");
  return (await api("customer").get(`/v1/orders/${order}/delivery`)).pin;
}"""


def next_door(phones: Phones) -> str:
    """Another order of the same customer, to a door beside the store, made ready. Its id."""
    order: str = phones.page.evaluate(NEXT_DOOR)
    ticket = phones.ticket(order)
    for command in ("Confirm", "Ready"):
        press(ticket, command, exact=True)
    phones.page.evaluate(UNTIL_READY, [order, phones.followed()])
    return order


def ride_a_route(phones: Phones, near: str, far: str) -> None:
    """Two orders offered as one, and why; fetched together, the nearer door first."""
    rider, first, second = phones.courier, near[-4:], far[-4:]
    expect(rider.get_by_role("heading", name="2 deliveries on one way")).to_be_visible()
    expect(rider.locator(".sum")).to_contain_text("₩7,200")
    doors = rider.get_by_role("list", name="The doors").get_by_role("listitem")
    expect(doors).to_have_text([re.compile("Around.*from the store"), re.compile("door before")])
    press(rider, "Why was I asked?")
    expect(rider.get_by_text("You were asked for these orders together")).to_be_visible()
    phones.demand_accessible()
    press(rider, "Accept")
    for pressed in ("Set off", "I am", f"I have order {first}"):
        press(rider, pressed)
    way = rider.get_by_role("region", name="Your way: 2 orders").get_by_role("listitem")
    expect(way).to_contain_text([f"Order {first} · you have it", f"Now · Order {second}"])
    phones.demand_accessible()
    for pressed in (f"I have order {second}", "Set off", "I am"):
        press(rider, pressed)
    rider.get_by_label("four digits").fill(phones.page.evaluate(PIN, near))
    press(rider, "Hand over")
    expect(rider.get_by_text("Delivered. You earned ₩2,850.")).to_be_visible()


def contest(phones: Phones) -> None:
    """The courier appeals against having been asked: a person will look."""
    rider = phones.courier
    rider.get_by_label("What was wrong about it?").fill("The other way is shorter.")
    press(rider, "Send the appeal")
    expect(rider.get_by_text("Waits for an answer")).to_be_visible()


def plead(phones: Phones) -> None:
    """Ask the store to be let go for nothing: it rings there, and the store goes on."""
    diner, kitchen = phones.customer, phones.store
    phones.listen()
    press(diner, "Cancel the order")
    expect(diner.locator(".issues")).to_contain_text("costs ₩4,950. You may ask the store")
    phones.demand_accessible()
    press(diner, "Ask the store to let me go")
    expect(diner.get_by_role("group", name="You have asked the store")).to_be_visible()
    asked = phones.ticket().get_by_role("group", name="The customer asks to be let go")
    expect(asked).to_contain_text("I changed my mind")
    expect(kitchen.get_by_text("Customers who ask to be let go: 1")).to_be_visible()
    phones.hears()
    press(asked, "Go on with it")
    phones.demand_accessible()
    press(asked, "It is made")
    expect(diner.get_by_text("The store goes on with your order. It is made")).to_be_visible()
    expect(phones.ticket()).to_contain_text("You went on")


def wait_at_the_bay(phones: Phones) -> None:
    """In Korean: who fetches it by car says where they wait, and the store sees it."""
    phones.show("customer")
    diner = phones.customer
    diner.get_by_label("주차 자리 번호").fill("b-12")
    press(diner, "도착했어요", exact=True)
    expect(diner.get_by_text("B-12 자리에서 기다려요")).to_be_visible()
    phones.demand_accessible()
    phones.show("store")
    expect(phones.ticket()).to_contain_text("B-12 자리에서 손님이")


def collect_by_code(phones: Phones) -> None:
    """In Korean, at the counter: a wrong code costs a try, the right one hands the order over."""
    phones.show("customer")
    code = phones.customer.locator("[data-pin]").get_attribute("data-pin") or ""
    phones.demand_accessible()
    phones.show("store")
    ticket = phones.ticket()
    asked = ticket.get_by_label("손님의 번호")
    asked.fill(f"{(int(code) + 1) % 10_000:04d}")
    press(ticket, "전하기", exact=True)
    expect(phones.store.locator(".trouble")).to_contain_text("이 주문의 번호가 아니에요. 4번 더")
    expect(ticket).to_contain_text("4번 남았어요")
    phones.demand_accessible()
    asked.fill(code)
    press(ticket, "전하기", exact=True)
    phones.show("customer")
