from tests.catalog.shop import Town, menu


def test_a_store_is_opened_approved_and_found_in_its_city(town: Town) -> None:
    store_id = town.live()

    page = town.stranger.get("/v1/stores?city=seoul").json_body

    assert [store["id"] for store in page["data"]] == [store_id]
    assert page["data"][0]["closed"] is None
    assert page["next_cursor"] is None


def test_a_menu_is_published_and_read_with_an_etag(town: Town) -> None:
    store_id = town.live()
    town.owner.put(f"/v1/stores/{store_id}/menu", menu())

    first = town.stranger.get(f"/v1/stores/{store_id}/menu")
    again = town.stranger.get(
        f"/v1/stores/{store_id}/menu", **{"If-None-Match": first.headers["ETag"]}
    )

    assert first.json_body["version"] == 1
    assert again.status_code == 304
