"""The fields that a person has reviewed: of an order by state, and of every answer to a GET."""

from collections.abc import Mapping

_ALWAYS = frozenset(
    {
        *("id", "store_id", "store_names", "fulfilment", "status", "version", "total"),
        *("placed_at", "promised", "lines", "price", "next_commands"),
    }
)
_DUE, _OWED = frozenset({"due_at"}), frozenset({"owed"})
_CANCELLED = _OWED | {"cancellation"}

ORDER_VIEW: Mapping[str, frozenset[str]] = {
    "always": _ALWAYS,
    "PENDING_PAYMENT": _DUE,
    "CREATED": _DUE,
    "PICKED_UP": _DUE | _OWED,
    "DELIVERED": _DUE | _OWED,
    "CONCLUDED": _OWED,
    "CANCELLED": _CANCELLED,
    "LAPSED": _CANCELLED,
}
"""What an order shows to all who may read it, beside its note and where it goes to."""

# Who is shown where an order goes, which its store brings itself.
DROP_OFF = """
viewer   PENDING_PAYMENT LAPSED CREATED CONFIRMED PREPARING READY_FOR_PICKUP DISPATCHED DELIVERED CONCLUDED CANCELLED
customer yes             yes    yes     yes       yes       yes              yes        yes       yes       yes
owner    -               -      yes     yes       yes       yes              yes        no        no        no
till     -               -      yes     yes       yes       yes              yes        no        no        no
both     -               -      yes     yes       yes       yes              yes        no        no        no
machine  -               -      yes     yes       yes       yes              yes        no        no        no
operator no              no     no      no        no        no               no         no        no        no
"""  # noqa: E501 - a table is read in columns

LISTED_FOR: Mapping[str, str] = {
    "fetch_events": "owner",
    "list_orders": "customer",
    "list_devices": "customer",
    "read_diet": "customer",
    "list_addresses": "customer",
    "list_favourites": "customer",
    "list_favourite_items": "customer",
    "read_rating": "customer",
    "read_address": "customer",
    "list_payment_methods": "customer",
    "list_balances": "customer",
    "read_order_delivery": "customer",
    "list_own_invitations": "customer",
    "list_applications": "customer",
    "export_own_data": "customer",
    "read_deletion": "customer",
    "list_appeals": "customer",
    "read_menu_upload": "owner",
    "read_image": "owner",
    **dict.fromkeys(
        (
            "read_courier",
            "list_documents",
            "read_statement",
            "read_duty",
            "list_offers",
            "list_earnings",
            "read_delivery",
            "read_courier_rating",
            "explain_assignment",
        ),
        "courier",
    ),
}
"""Who is asked, where it is not the operator."""

_FIELDS: Mapping[str, str] = {
    "read_health": "stage status version",
    "read_keys": "keys keys.alg keys.crv keys.kid keys.kty keys.use keys.x keys.y",
    "read_merchant": "country created_at id legal_name name version",
    "list_stores": (
        "data data.address data.city data.commission_basis_points data.confirm_seconds "
        "data.created_at data.cuisines data.currency data.delivered_by data.diets "
        "data.fulfilment data.hours "
        "data.hours.closes "
        "data.hours.day data.hours.opens data.id data.kind data.location "
        "data.location.coordinates data.location.type data.menu_version data.merchant_id "
        "data.names data.offers data.preparation_minutes data.preparation_rules "
        "data.special_hours data.status data.tax "
        "data.tax.basis_points data.tax.categories "
        "data.tax.included data.timezone data.version data.zones data.zones.area "
        "data.zones.area.metres data.zones.area.type data.zones.eta_minutes data.zones.fee "
        "data.zones.minimum"
    ),
    "read_conditions": "city supply_percent weather_percent weather_reason weather_until",
    "search": (
        "data data.city data.cuisines data.currency data.diets data.eta_minutes data.fulfilment "
        "data.id data.items data.items.id data.items.names data.items.price data.kind "
        "data.location data.location.coordinates data.location.type data.names data.offers"
    ),
    "find_stores": (
        "data data.city data.cuisines data.currency data.delivery_fee data.diets "
        "data.distance_metres data.eta_minutes data.fulfilment data.id data.kind data.location "
        "data.location.coordinates data.location.type data.minimum data.names data.offers"
    ),
    "read_store": (
        "address city commission_basis_points confirm_seconds created_at cuisines currency "
        "delivered_by diets fulfilment "
        "hours hours.closes hours.day hours.opens id kind location location.coordinates "
        "location.type menu_version merchant_id names offers preparation_minutes "
        "preparation_rules special_hours status tax tax.basis_points tax.categories "
        "tax.included timezone version zones zones.area zones.area.metres "
        "zones.area.type zones.eta_minutes zones.fee zones.minimum"
    ),
    "read_readiness": "complete missing missing.code missing.detail status store_id",
    "export_own_data": (
        "account account.addresses account.appeals account.appeals.created_at "
        "account.appeals.id account.appeals.limit account.appeals.person_id "
        "account.appeals.status account.appeals.text account.applications "
        "account.applications.country "
        "account.applications.created_at account.applications.id "
        "account.applications.legal_name account.applications.name account.applications.reasons "
        "account.applications.reasons.code account.applications.registration "
        "account.applications.reviewed_at account.applications.status "
        "account.applications.submitted_at account.applications.version account.balances "
        "account.balances.amount account.balances.amount.amount "
        "account.balances.amount.currency account.balances.id account.balances.kind "
        "account.balances.most account.balances.most.amount account.balances.most.currency "
        "account.balances.moves account.balances.moves.amount "
        "account.balances.moves.amount.amount account.balances.moves.amount.currency "
        "account.balances.moves.at account.balances.moves.why account.balances.usable_from "
        "account.balances.usable_until account.devices account.devices.alive account.devices.id "
        "account.devices.language account.devices.platform account.devices.registered_at "
        "account.earnings account.payment_methods account.payment_methods.brand "
        "account.payment_methods.default account.payment_methods.expires "
        "account.payment_methods.expires.month account.payment_methods.expires.year "
        "account.payment_methods.id account.payment_methods.last4 "
        "account.payment_methods.mandate account.payment_methods.mandate.accepted_at "
        "account.payment_methods.mandate.how account.payment_methods.method "
        "account.payment_methods.saved_at account.payment_methods.status account.profile "
        "account.profile.consents account.profile.consents.anticipation "
        "account.profile.consents.anticipation.granted account.profile.consents.marketing "
        "account.profile.consents.marketing.granted account.profile.consents.personalisation "
        "account.profile.consents.personalisation.granted account.works_for made_at orders "
        "person_id orders.drop_off orders.drop_off.address orders.drop_off.location "
        "orders.drop_off.location.coordinates orders.drop_off.location.type "
    ),
    "read_deletion": "person_id status",
    "read_guest": "claim_until claimed guest_id made_at orders over",
    "list_appeals": (
        "items items.created_at items.id items.limit items.person_id items.status items.text"
    ),
    "list_unreached_notices": "items",
    "list_waiting_appeals": (
        "items items.created_at items.id items.limit items.person_id items.status items.text"
    ),
    "read_profile": (
        "consents consents.anticipation consents.anticipation.granted consents.marketing "
        "consents.marketing.granted consents.personalisation consents.personalisation.granted"
    ),
    "list_audit": (
        "items items.action items.actor items.at items.data items.data.amount "
        "items.data.balance_id items.data.commission_basis_points items.data.currency "
        "items.data.reasons items.data.version "
        "items.data.confirm_seconds items.id items.reason items.subject items.words"
    ),
    "read_menu": (
        "categories categories.id categories.items categories.items.age_restricted "
        "categories.items.allergens categories.items.available categories.items.descriptions "
        "categories.items.diets categories.items.id categories.items.names "
        "categories.items.option_groups categories.items.option_groups.id "
        "categories.items.option_groups.max categories.items.option_groups.min "
        "categories.items.option_groups.names categories.items.option_groups.options "
        "categories.items.option_groups.options.available "
        "categories.items.option_groups.options.id "
        "categories.items.option_groups.options.names "
        "categories.items.option_groups.options.price "
        "categories.items.option_groups.price_method categories.items.price categories.names "
        "currency published_at store_id version "
        "categories.items.tax_basis_points unavailable"
    ),
    "read_image": (
        "height id problem status store_id upload upload.expires_at upload.headers upload.url url "
        "width"
    ),
    "read_menu_upload": (
        "id lines lines.errors lines.errors.code lines.errors.detail lines.errors.pointer "
        "lines.line lines.ok problem received_at status store_id"
    ),
    "read_availability": "menu_version store_id unavailable",
    "read_application": (
        "country created_at id legal_name name reasons reasons.code reasons.detail registration "
        "reviewed_at status submitted_at version"
    ),
    "list_applications": (
        "items items.country items.created_at items.id items.legal_name items.name items.reasons "
        "items.reasons.code items.reasons.detail items.registration items.reviewed_at "
        "items.status items.submitted_at items.version"
    ),
    "list_waiting_applications": (
        "items items.country items.created_at items.id items.legal_name items.name items.reasons "
        "items.registration items.status items.submitted_at items.version"
    ),
    "read_city": (
        "bounds bounds.east bounds.north bounds.south bounds.west city currency languages names "
        "timezone version zones"
    ),
    "list_cities": (
        "items items.bounds items.bounds.east items.bounds.north items.bounds.south "
        "items.bounds.west items.city items.currency items.languages items.names items.timezone "
        "items.version items.zones"
    ),
    "list_invitations": (
        "items items.expires_at items.hint items.id items.invited_at items.role items.store_id"
    ),
    "list_own_invitations": (
        "items items.expires_at items.id items.role items.store_id items.store_names"
    ),
    "list_staff": "data data.role data.user_id",
    "read_quote": (
        "fulfilment id priced priced.cancellation_fees priced.cancellation_fees.fee "
        "priced.cancellation_fees.while_status priced.commission_basis_points priced.currency "
        "priced.lines priced.lines.amount priced.lines.item_id priced.lines.names "
        "priced.lines.options priced.lines.quantity priced.lines.unit_price priced.price "
        "priced.price.amount priced.price.kind priced.price.recipient "
        "priced.price.tax_included priced.total promised promised.begins promised.ends "
        "store_id store_names total total.amount total.currency valid_until warnings"
    ),
    "list_orders": (
        "items items.delivered_by items.fulfilment items.id items.placed_at items.promised "
        "items.promised.begins "
        "items.promised.ends items.status items.store_id items.total items.total.amount "
        "items.total.currency items.version"
    ),
    "list_orders_of_person": "items",
    "list_store_orders": (
        "items items.delivered_by items.fulfilment items.id items.placed_at items.promised "
        "items.promised.begins "
        "items.promised.ends items.status items.store_id items.total items.total.amount "
        "items.total.currency items.version"
    ),
    "list_late_store_orders": "items",
    "list_late_orders": "items",
    "read_order": (
        "delivered_by due_at fulfilment id lines lines.amount lines.item_id lines.names "
        "lines.options "
        "lines.quantity lines.unit_price next_commands note placed_at price price.amount "
        "price.kind price.recipient price.tax_included promised promised.begins promised.ends "
        "status store_id store_names total total.amount total.currency version"
    ),
    "read_payments": (
        "authorized authorized.amount authorized.currency captured captured.amount "
        "captured.currency due due.amount due.currency order_id payments payments.amount "
        "payments.amount.amount payments.amount.currency payments.captured "
        "payments.captured.amount payments.captured.currency payments.id payments.method "
        "payments.refunded payments.refunded.amount payments.refunded.currency "
        "payments.status"
    ),
    "read_diet": "agreed_at avoids diets",
    "list_promotions": "items",
    "list_offered_promotions": "items",
    "list_store_promotions": (
        "items items.begins items.benefit items.benefit.type items.code items.created_at "
        "items.currency items.ends items.first_order items.group items.id items.made_by "
        "items.minimum items.names items.per_customer items.scope items.scope.store_ids "
        "items.scope.type items.sponsors items.sponsors.merchant items.sponsors.platform "
        "items.budget items.uses "
    ),
    "read_promotion": (
        "begins benefit benefit.type code created_at currency ends first_order group id "
        "made_by minimum names per_customer scope scope.store_ids scope.type sponsors "
        "sponsors.merchant sponsors.platform budget uses used spent spent.amount "
        "spent.currency "
    ),
    "read_ledger": "balance entries",
    "read_cancellation_terms": (
        "answer_seconds customer_answer_seconds customer_default_outcome default_outcome "
        "late_minutes most_customer_requests most_requests "
        "open_delivery open_delivery.blocked_customer "
        "open_delivery.changed_mind open_delivery.closing open_delivery.cannot_fulfil_note "
        "open_delivery.delivery_problem open_delivery.duplicate_application "
        "open_delivery.internal_difficulties_of_the_restaurant open_delivery.item_unavailable "
        "open_delivery.order_outside_the_delivery_area open_delivery.ordered_by_mistake "
        "open_delivery.outdated_menu open_delivery.outside_delivery_hours "
        "open_delivery.restaurant_without_delivery_person open_delivery.risk_area "
        "open_delivery.systemic_issues open_delivery.takes_too_long open_delivery.too_busy "
        "open_delivery.unavailable_item open_delivery.undeliverable "
        "rules rules.basis_points rules.because rules.initiated_by rules.late "
        "rules.liable_party rules.of "
        "rules.outcome rules.while_status"
    ),
    "read_operations": "changes stopped",
    "list_payment_options": (
        "currency options options.confirmed options.may_be_saved options.maximum "
        "options.maximum.amount options.maximum.currency options.method options.minimum "
        "options.minimum.amount options.minimum.currency options.step"
    ),
    "read_reconciliation": (
        "began_at charges day differences done_at entries refunds status total"
    ),
    "list_refunds": (
        "items items.amount items.amount.amount items.amount.currency items.id "
        "items.liable_party items.opened_at items.order_id items.portions "
        "items.portions.amount items.portions.amount.amount items.portions.amount.currency "
        "items.portions.destination items.portions.failure items.portions.method "
        "items.portions.payment_id items.portions.status items.reason items.status "
        "refundable refundable.amount refundable.currency"
    ),
    "list_balances": (
        "items items.amount items.amount.amount items.amount.currency items.id items.kind "
        "items.most items.most.amount items.most.currency items.usable_from items.usable_until"
    ),
    "read_balance": (
        "amount amount.amount amount.currency id kind most most.amount most.currency moves "
        "moves.amount moves.amount.amount moves.amount.currency moves.at moves.why usable_from "
        "usable_until"
    ),
    "list_clients": "items items.client_id items.created_at items.label items.store_id",
    "list_slots": (
        "date fulfilment items items.ends items.left items.scheduled_for store_id timezone"
    ),
    "read_rating": (
        "answer answer.at answer.text comment editable_until given_at hidden id order_id store"
    ),
    "list_store_ratings": (
        "items items.answer items.answer.at items.answer.text items.comment items.given_on "
        "items.hidden items.id items.store"
    ),
    "read_courier_rating": "count",
    "list_favourites": "items",
    "list_favourite_items": "items",
    "list_addresses": (
        "items items.default items.detail items.entrance_code items.id items.label "
        "items.leave_at_door items.location items.location.coordinates items.location.type "
        "items.road_address"
    ),
    "read_address": (
        "default detail entrance_code id label leave_at_door location location.coordinates "
        "location.type road_address"
    ),
    "list_tablets": (
        "items items.id items.label items.last_seen_at items.paired_at items.paired_by "
        "items.store_id"
    ),
    "list_devices": "items items.alive items.id items.language items.platform items.registered_at",
    "list_payment_methods": (
        "items items.brand items.default items.expires items.expires.month items.expires.year "
        "items.id items.last4 items.mandate items.mandate.accepted_at items.mandate.how "
        "items.method items.saved_at items.status"
    ),
    "read_attention": (
        "escalations escalations.confirm_by escalations.missed_at escalations.order_id "
        "escalations.reminded_at escalations.reminders escalations.status heartbeat "
        "heartbeat.missing_from heartbeat.seen_at heartbeat.state misses misses.count "
        "misses.pause_at misses.window_seconds paused store_id"
    ),
    "list_webhooks": (
        "items items.created_at items.event_types items.health items.health.failures_in_a_row "
        "items.id items.status items.store_id items.url"
    ),
    "read_courier": "city created_at duty expired given_name missing status vehicle version zone",
    "read_any_courier": (
        "city created_at duty expired given_name missing status vehicle version zone id "
        "documents documents.courier_id documents.created_at documents.file_url documents.id "
        "documents.kind documents.status documents.valid_until"
    ),
    "list_documents": (
        "items items.created_at items.id items.kind items.reviewed_at items.status "
        "items.upload items.upload.expires_at items.upload.headers "
        "items.upload.headers.Content-Length items.upload.headers.Content-Type "
        "items.upload.url items.valid_until"
    ),
    "list_waiting_documents": (
        "items items.courier_id items.created_at items.file_url items.id items.kind "
        "items.status items.valid_until"
    ),
    "read_courier_rules": "city documents version",
    "read_statement": (
        "days days.day days.earned days.on_duty_minutes earned first last on_duty_minutes timezone"
    ),
    "read_duty": "jobs offer_id since status vehicle zone",
    "list_offers": (
        "items items.delivery_id items.drop_area items.drop_area.location "
        "items.drop_area.location.coordinates items.drop_area.location.type "
        "items.drop_area.precision_metres items.earning items.earning.currency "
        "items.earning.fee items.earning.gross items.earning.net items.earning.tip items.id "
        "items.metres_to_drop items.metres_to_pickup items.pickup items.pickup.address "
        "items.pickup.location items.pickup.location.coordinates items.pickup.location.type "
        "items.pickup.names items.pickup.store_id items.ready_at items.status items.stops "
        "items.stops.delivery_id items.stops.drop_area items.stops.drop_area.location "
        "items.stops.drop_area.location.coordinates items.stops.drop_area.location.type "
        "items.stops.drop_area.precision_metres items.stops.earning "
        "items.stops.earning.currency items.stops.earning.fee items.stops.earning.gross "
        "items.stops.earning.net items.stops.earning.tip items.stops.metres items.until"
    ),
    "list_earnings": "items",
    "explain_assignment": (
        "decided_at delivery_ids features id reason rule words words.en words.ko"
    ),
    "read_delivery": (
        "attempt drop_off drop_off.address drop_off.leave_at_door drop_off.location "
        "drop_off.location.coordinates drop_off.location.type "
        "earning earning.currency earning.fee earning.gross earning.net "
        "earning.tip id next_commands note order_id pickup pickup.address pickup.location "
        "pickup.location.coordinates pickup.location.type pickup.names pickup.store_id "
        "pin_tries_left promised_by proof ready_at status version"
    ),
    "read_order_delivery": "attempt choices id promised_by proof ready_at status",
    "track_order": "arrives_at status",
    "list_merchant_webhooks": (
        "items items.created_at items.event_types items.health items.health.failures_in_a_row "
        "items.id items.merchant_id items.status items.url"
    ),
    "read_webhook": (
        "created_at event_types health health.failures_in_a_row health.oldest_pending_at "
        "health.pending id status store_id url"
    ),
    "read_merchant_webhook": (
        "created_at event_types health health.failures_in_a_row health.oldest_pending_at "
        "health.pending id merchant_id status url"
    ),
    "read_replay": "created_at from_position id only replayed status to_position",
    "read_merchant_replay": "created_at from_position id only replayed status to_position",
    "fetch_events": (
        "acknowledged events events.data events.data.change "
        "events.data.store_id events.data.url events.id events.position "
        "events.previous_position events.sequence events.subject events.subject.id "
        "events.subject.kind events.timestamp events.type events.v last_position store_id"
    ),
    "list_merchant_messages": (
        "items items.attempts items.created_at items.id items.position items.sequence "
        "items.status items.subject_id items.tries items.type"
    ),
    "list_messages": (
        "items items.attempts items.created_at items.id items.position items.sequence "
        "items.status items.subject_id items.tries items.type"
    ),
}
_OF_A_DOOR = "orders.drop_off.leave_at_door orders.drop_off.entrance_code"
_OF_A_PLACE = " ".join(f"account.places.{n[6:]}" for n in _FIELDS["list_addresses"].split()[1:])
_OF_AN_ORDER = " ".join(f"orders.{name}" for name in _FIELDS["read_order"].split())

FIELDS: Mapping[str, str] = {
    **_FIELDS,
    "export_own_data": " ".join(
        (
            _FIELDS["export_own_data"],
            _OF_AN_ORDER,
            _OF_A_DOOR,
            "account.places account.favourites account.favourite_items ratings",
            _OF_A_PLACE,
        )
    ),
}
"""What an answer to each GET may hold."""
