"""Who may do what, as a person has reviewed it. Not derived from the code: the code must equal it.

yes   may                          401   must sign in first
404   is told that there is none   403   is told that the role may not
A word in capitals stands for the states in which it may; in the others it is a conflict (409).

customer, stranger   the customer of the order or quote, and another one
courier, biker       the courier who is asked and brings the order, and another one on duty
owner, manager, till the staff of the store          rival   a merchant whose store is another
both                 an owner of the store who is in the group of customers too, and ordered nothing
machine, alien       the machine of the store, and that of another store
"""

from collections.abc import Mapping

TABLE = """
action              anonymous customer stranger courier biker owner manager till rival both  operator machine alien
about.read          yes       yes      yes      yes     yes   yes   yes     yes  yes   yes   yes      yes     yes

merchant.create     401       403      403      403     403   yes   yes     yes  yes   yes   403      403     403
merchant.read       401       403      403      403     403   yes   404     404  404   404   yes      403     403
merchant.read_webhooks   401  403      403      403     403   yes   404     404  404   404   yes      403     403
merchant.change_webhooks 401  403      403      403     403   yes   404     404  404   404   403      403     403

store.create        401       403      403      403     403   yes   404     404  404   404   403      403     403
store.list          yes       yes      yes      yes     yes   yes   yes     yes  yes   yes   yes      yes     yes
store.find          yes       yes      yes      yes     yes   yes   yes     yes  yes   yes   yes      yes     yes
store.search        yes       yes      yes      yes     yes   yes   yes     yes  yes   yes   yes      yes     yes
store.relist        401       403      403      403     403   403   403     403  403   403   yes      403     403
store.read          yes       yes      yes      yes     yes   yes   yes     yes  yes   yes   yes      yes     yes
store.read_unlisted 401       403      403      403     403   yes   yes     yes  404   yes   yes      yes     404
store.update        401       403      403      403     403   yes   yes     403  404   yes   403      403     403
store.read_readiness 401      403      403      403     403   yes   yes     403  404   yes   yes      403     403
store.approve       401       403      403      403     403   403   403     403  403   403   yes      403     403
store.suspend       401       403      403      403     403   403   403     403  403   403   yes      403     403
store.set_terms     401       403      403      403     403   403   403     403  403   403   yes      403     403
store.pause         401       403      403      403     403   yes   yes     yes  404   yes   403      yes     404
store.resume        401       403      403      403     403   yes   yes     yes  404   yes   403      yes     404
store.heartbeat     401       403      403      403     403   yes   yes     yes  404   yes   403      yes     404
store.read_attention 401      403      403      403     403   yes   yes     yes  404   yes   yes      yes     404
store.set_availability 401    403      403      403     403   yes   yes     yes  404   yes   403      yes     404
store.rush          401       403      403      403     403   yes   yes     yes  404   yes   yes      yes     404
conditions.read     401       403      403      403     403   403   403     403  403   403   yes      403     403
conditions.set      401       403      403      403     403   403   403     403  403   403   yes      403     403
menu.read           yes       yes      yes      yes     yes   yes   yes     yes  yes   yes   yes      yes     yes
menu.publish        401       403      403      403     403   yes   yes     403  404   yes   403      yes     404
staff.read          401       403      403      403     403   yes   yes     403  404   yes   yes      403     403
staff.set           401       403      403      403     403   yes   403     403  404   yes   403      403     403

city.read           yes       yes      yes      yes     yes   yes   yes     yes  yes   yes   yes      yes     yes
city.set            401       403      403      403     403   403   403     403  403   403   yes      403     403
application.create  401       yes      yes      yes     yes   yes   yes     yes  yes   yes   403      403     403
application.list    401       yes      yes      yes     yes   yes   yes     yes  yes   yes   403      403     403
application.read    401       yes      404      404     404   404   404     404  404   404   yes      403     403
application.change  401       yes      404      404     404   404   404     404  404   404   403      403     403
application.submit  401       yes      404      404     404   404   404     404  404   404   403      403     403
application.review  401       403      403      403     403   403   403     403  403   403   yes      403     403
invitation.create   401       403      403      403     403   yes   403     403  404   yes   403      403     403
invitation.read     401       403      403      403     403   yes   yes     403  404   yes   yes      403     403
invitation.withdraw 401       403      403      403     403   yes   403     403  404   yes   403      403     403
invitation.mine     401       yes      yes      yes     yes   yes   yes     yes  yes   yes   403      403     403
invitation.accept   401       yes      404      404     404   404   404     404  404   404   403      403     403

export.read         401       yes      yes      yes     yes   yes   yes     yes  yes   yes   yes      403     403
appeal.create       401       yes      yes      403     403   403   403     403  403   yes   403      403     403
appeal.list         401       yes      yes      yes     yes   403   403     403  403   yes   403      403     403
appeal.waiting      401       403      403      403     403   403   403     403  403   403   yes      403     403
appeal.answer       401       403      403      403     403   403   403     403  403   403   yes      403     403
deletion.ask        401       yes      yes      yes     yes   yes   yes     yes  yes   yes   yes      403     403
deletion.read       401       yes      yes      yes     yes   yes   yes     yes  yes   yes   yes      403     403
deletion.withdraw   401       yes      yes      yes     yes   yes   yes     yes  yes   yes   yes      403     403
person.delete       401       403      403      403     403   403   403     403  403   403   yes      403     403
person.keep         401       403      403      403     403   403   403     403  403   403   yes      403     403
profile.read        401       yes      yes      yes     yes   yes   yes     yes  yes   yes   yes      403     403
profile.write       401       yes      yes      yes     yes   yes   yes     yes  yes   yes   yes      403     403
person.sign_out     401       yes      yes      yes     yes   yes   yes     yes  yes   yes   yes      403     403
person.find         401       403      403      403     403   403   403     403  403   403   yes      403     403
person.suspend      401       403      403      403     403   403   403     403  403   403   yes      403     403
person.restore      401       403      403      403     403   403   403     403  403   403   yes      403     403
sign_in.ask         yes       yes      yes      yes     yes   yes   yes     yes  yes   yes   yes      yes     yes
sign_in.confirm     yes       yes      yes      yes     yes   yes   yes     yes  yes   yes   yes      yes     yes
session.renew       yes       yes      yes      yes     yes   yes   yes     yes  yes   yes   yes      yes     yes
guest.begin         yes       yes      yes      yes     yes   yes   yes     yes  yes   yes   yes      yes     yes
guest.renew         yes       yes      yes      yes     yes   yes   yes     yes  yes   yes   yes      yes     yes
guest.read          401       403      403      403     403   403   403     403  403   403   yes      403     403
guest.suspend       401       403      403      403     403   403   403     403  403   403   yes      403     403
guest.restore       401       403      403      403     403   403   403     403  403   403   yes      403     403
guest.claim         401       yes      yes      403     403   403   403     403  403   yes   403      403     403
audit.read          401       403      403      403     403   403   403     403  403   403   yes      403     403

token.issue         yes       yes      yes      yes     yes   yes   yes     yes  yes   yes   yes      yes     yes
client.create       401       403      403      403     403   yes   yes     403  404   yes   403      403     403
client.read         401       403      403      403     403   yes   yes     403  404   yes   yes      403     403
client.revoke       401       403      403      403     403   yes   yes     403  404   yes   yes      403     403
opendelivery.call   yes       yes      yes      yes     yes   yes   yes     yes  yes   yes   yes      yes     yes
errand.create       401       403      403      403     403   403   403     403  403   403   403      yes     404
errand.read         401       403      403      403     403   403   403     403  403   403   403      yes     404
errand.ready        401       403      403      403     403   403   403     403  403   403   403      yes     404
errand.pick_up      401       403      403      403     403   403   403     403  403   403   403      yes     404
errand.finish       401       403      403      403     403   403   403     403  403   403   403      yes     404
errand.answer       401       403      403      403     403   403   403     403  403   403   403      yes     404
errand.cancel       401       403      403      403     403   403   403     403  403   403   403      yes     404
tablet.join         yes       yes      yes      yes     yes   yes   yes     yes  yes   yes   yes      yes     yes
tablet.renew        yes       yes      yes      yes     yes   yes   yes     yes  yes   yes   yes      yes     yes
tablet.pair         401       403      403      403     403   yes   yes     403  404   yes   403      403     403
tablet.read         401       403      403      403     403   yes   yes     403  404   yes   yes      403     403
tablet.unpair       401       403      403      403     403   yes   yes     403  404   yes   403      403     403
webhook.create      401       403      403      403     403   yes   yes     403  404   yes   403      403     403
webhook.read        401       403      403      403     403   yes   yes     403  404   yes   yes      yes     404
webhook.change      401       403      403      403     403   yes   yes     403  404   yes   403      403     403
webhook.rotate      401       403      403      403     403   yes   yes     403  404   yes   403      403     403
webhook.pause       401       403      403      403     403   yes   yes     403  404   yes   403      403     403
webhook.enable      401       403      403      403     403   yes   yes     403  404   yes   403      403     403
webhook.remove      401       403      403      403     403   yes   yes     403  404   yes   403      403     403
webhook.ping        401       403      403      403     403   yes   yes     403  404   yes   403      yes     404
webhook.replay      401       403      403      403     403   yes   yes     403  404   yes   403      yes     404
feed.read           401       403      403      403     403   yes   yes     yes  404   yes   403      yes     404
feed.acknowledge    401       403      403      403     403   yes   yes     yes  404   yes   403      yes     404

operations.read          401  403      403      403     403   403   403     403  403   403   yes      403     403
operations.stop_orders   401  403      403      403     403   403   403     403  403   403   yes      403     403
operations.resume_orders 401  403      403      403     403   403   403     403  403   403   yes      403     403
diet.read           401       yes      yes      403     403   403   403     403  403   yes   403      403     403
diet.set            401       yes      yes      403     403   403   403     403  403   yes   403      403     403
diet.remove         401       yes      yes      403     403   403   403     403  403   yes   403      403     403

promotion.create    401       403      403      403     403   yes   yes     403  404  yes   403      403     403
promotion.list      401       403      403      403     403   yes   yes     403  404  yes   yes      403     403
promotion.offered   yes       yes      yes      yes     yes   yes   yes     yes  yes  yes   yes      yes     yes
promotion.read      401       403      403      403     403   yes   yes     403  404  yes   yes      403     403
promotion.stop      401       403      403      403     403   yes   yes     403  404  yes   yes      403     403
promotion.create_platform 401       403      403      403     403   403   403     403  403  403   yes      403     403
promotion.list_platform 401       403      403      403     403   403   403     403  403  403   yes      403     403

order.rate          401       THERE    404      403     403   403   403     403  403   404   403      403     403
order.read_rating   401       yes      404      403     403   403   403     403  403   404   yes      403     403
rating.list         401       403      403      403     403   yes   yes     403  404  yes   yes      403     403
rating.answer       401       403      403      403     403   yes   yes     403  404  yes   403      403     403
rating.hide         401       403      403      403     403   403   403     403  403  403   yes      403     403

quote.create        401       yes      yes      403     403   403   403     403  403   yes   403      403     403
quote.read          401       yes      404      403     403   403   403     403  403   404   yes      403     403
order.create        401       yes      yes      403     403   403   403     403  403   yes   403      403     403
order.list          401       yes      yes      403     403   403   403     403  403   yes   403      403     403
order.list_store    401       403      403      403     403   yes   yes     yes  404   yes   yes      yes     404
order.read          401       yes      404      403     403   yes   yes     yes  404   yes   yes      yes     404
order.cancel        401       EARLY    404      403     403   403   403     403  403   404   OPEN     403     403
order.cancel_by_hand 401      403      403      403     403   403   403     403  403   403   OPEN     403     403
order.list_of_person 401      403      403      403     403   403   403     403  403   403   yes      403     403
order.reject        401       403      403      403     403   NEW   NEW     NEW  404   NEW   403      NEW     404
order.request_cancel 401      403      403      403     403   yes   yes     yes  404   yes   403      yes     404
order.answer_cancel 401       yes      404      403     403   403   403     403  403   404   yes      403     403
order.ask_store     401       yes      404      403     403   403   403     403  403   404   403      403     403
order.answer_customer 401     403      403      403     403   yes   yes     yes  404   yes   403      yes     404
order.wait          401       yes      404      403     403   403   403     403  403   404   403      403     403
order.check_code    401       403      403      403     403   yes   yes     yes  404   yes   403      yes     404
order.delay         401       403      403      403     403   yes   yes     yes  404   yes   yes      yes     404
cancellation.terms  yes       yes      yes      yes     yes   yes   yes     yes  yes   yes   yes      yes     yes
order.confirm       401       403      403      403     403   yes   yes     yes  404   yes   403      yes     404
order.prepare       401       403      403      403     403   yes   yes     yes  404   yes   403      yes     404
order.ready         401       403      403      403     403   yes   yes     yes  404   yes   403      yes     404
order.dispatch      401       403      403      403     403   yes   yes     yes  404   yes   403      yes     404
order.pick_up       401       403      403      403     403   yes   yes     yes  404   yes   403      yes     404
order.deliver       401       403      403      403     403   yes   yes     yes  404   yes   403      yes     404

order.reorder       401       yes      404      403     403   403   403     403  403   404   403      403     403
favourite.list      401       yes      yes      403     403   403   403     403  403   yes   403      403     403
favourite.set       401       yes      yes      403     403   403   403     403  403   yes   403      403     403
favourite.remove    401       yes      yes      403     403   403   403     403  403   yes   403      403     403
slot.list           yes       yes      yes      yes     yes   yes   yes     yes  yes   yes   yes      yes     yes
address.list        401       yes      yes      403     403   403   403     403  403   yes   403      403     403
address.read        401       yes      404      403     403   403   403     403  403   404   403      403     403
address.set         401       yes      yes      403     403   403   403     403  403   yes   403      403     403
address.remove      401       yes      yes      403     403   403   403     403  403   yes   403      403     403

payment.options     yes       yes      yes      yes     yes   yes   yes     yes  yes   yes   yes      yes     yes
reconciliation.read 401       403      403      403     403   403   403     403  403   403   yes      403     403
payment.read        401       yes      404      403     403   403   403     403  403   404   yes      403     403
payment.confirm     401       yes      404      403     403   403   403     403  403   404   403      403     403
refund.create       401       403      403      403     403   yes   yes     403  404   yes   yes      yes     404
refund.read         401       yes      404      403     403   yes   yes     yes  404   yes   yes      yes     404
refund.retry        401       403      403      403     403   403   403     403  403   403   yes      403     403
tip.create          401       BROUGHT  404      403     403   403   403     403  403   404   403      403     403
balance.create      401       403      403      403     403   403   403     403  403   403   yes      403     403
balance.list        401       yes      yes      403     403   403   403     403  403   yes   403      403     403
balance.read        401       yes      404      403     403   403   403     403  403   404   yes      403     403
ledger.read         401       403      403      403     403   403   403     403  403   403   yes      403     403
payment_method.list 401       yes      yes      403     403   403   403     403  403   yes   403      403     403
payment_method.save 401       yes      yes      403     403   403   403     403  403   yes   403      403     403
payment_method.confirm 401    yes      404      403     403   403   403     403  403   404   403      403     403
payment_method.set_default 401 yes     404      403     403   403   403     403  403   404   403      403     403
payment_method.remove 401     yes      404      403     403   403   403     403  403   404   403      403     403
notice.unreached    401       403      403      403     403   403   403     403  403   403   yes      403     403
device.list         401       yes      yes      yes     yes   yes   yes     yes  yes   yes   yes      403     403
device.register     401       yes      yes      yes     yes   yes   yes     yes  yes   yes   yes      403     403
device.remove       401       yes      yes      yes     yes   yes   yes     yes  yes   yes   yes      403     403

stripe.event        yes       yes      yes      yes     yes   yes   yes     yes  yes   yes   yes      yes     yes

courier.read        401       403      403      yes     yes   403   403     403  403   403   403      403     403
courier.set         401       403      403      yes     yes   403   403     403  403   403   403      403     403
courier.read_any    401       403      403      403     403   403   403     403  403   403   yes      403     403
courier.suspend     401       403      403      403     403   403   403     403  403   403   yes      403     403
courier.restore     401       403      403      403     403   403   403     403  403   403   yes      403     403
courier.appeal      401       403      403      yes     yes   403   403     403  403   403   403      403     403
document.add        401       403      403      yes     yes   403   403     403  403   403   403      403     403
document.list       401       403      403      yes     yes   403   403     403  403   403   403      403     403
document.send       401       403      403      yes     404   403   403     403  403   403   403      403     403
document.review     401       403      403      403     403   403   403     403  403   403   yes      403     403
courier_rules.read  401       403      403      yes     yes   403   403     403  403   403   yes      403     403
courier_rules.set   401       403      403      403     403   403   403     403  403   403   yes      403     403
duty.read           401       403      403      yes     yes   403   403     403  403   403   403      403     403
duty.start          401       403      403      yes     yes   403   403     403  403   403   403      403     403
duty.end            401       403      403      yes     yes   403   403     403  403   403   403      403     403
duty.break          401       403      403      yes     yes   403   403     403  403   403   403      403     403
position.send       401       403      403      yes     yes   403   403     403  403   403   403      403     403
earning.list        401       403      403      yes     yes   403   403     403  403   403   403      403     403
offer.list          401       403      403      yes     yes   403   403     403  403   403   403      403     403
offer.view          401       403      403      yes     404   403   403     403  403   403   403      403     403
offer.accept        401       403      403      yes     404   403   403     403  403   403   403      403     403
offer.decline       401       403      403      yes     404   403   403     403  403   403   403      403     403
assignment.explain  401       403      403      yes     404   403   403     403  403   403   yes      403     403
assignment.appeal   401       403      403      yes     404   403   403     403  403   403   403      403     403
delivery.read       401       403      403      yes     404   403   403     403  403   403   yes      403     403
delivery.carry      401       403      403      yes     404   403   403     403  403   403   403      403     403
delivery.hand_over  401       403      403      yes     404   403   403     403  403   403   403      403     403
delivery.bring_back 401       403      403      yes     404   403   403     403  403   403   403      403     403
delivery.release    401       403      403      yes     404   403   403     403  403   403   403      403     403
delivery.complete   401       403      403      403     403   403   403     403  403   403   yes      403     403
delivery.reassign   401       403      403      403     403   403   403     403  403   403   yes      403     403
delivery.direct     401       403      403      403     403   403   403     403  403   403   yes      403     403
order.read_delivery 401       yes      404      403     403   yes   yes     yes  404   yes   yes      yes     404
order.track         401       yes      404      403     403   yes   yes     yes  404   yes   yes      yes     404
order.choose        401       yes      404      403     403   403   403     403  403   404   403      403     403
"""  # noqa: E501 - a table is read in columns

STATES: Mapping[str, frozenset[str]] = {
    "NEW": frozenset({"CREATED"}),
    "BROUGHT": frozenset({"DELIVERED"}),
    "THERE": frozenset({"PICKED_UP", "DELIVERED", "CONCLUDED"}),
    "EARLY": frozenset({"PENDING_PAYMENT", "CREATED", "CONFIRMED", "PREPARING"}),
    "OPEN": frozenset(
        {
            "PENDING_PAYMENT",
            "CREATED",
            "CONFIRMED",
            "PREPARING",
            "READY_FOR_PICKUP",
            "DISPATCHED",
        }
    ),
}

# What a command does to an order of its store's: it moves, it was done already and changes nothing
# (same), or it is impossible (409). PENDING_PAYMENT and LAPSED (nobody paid in time) are not shown
# to a store at all; "-" is a state that such an order never has.
COMMANDS = """
fulfilment command   CREATED CONFIRMED PREPARING READY_FOR_PICKUP DISPATCHED PICKED_UP DELIVERED CONCLUDED CANCELLED
delivery   confirm   moves   same      same      same             same       -         same      same      409
delivery   prepare   409     moves     same      same             same       -         same      same      409
delivery   ready     409     moves     moves     same             same       -         same      same      409
delivery   dispatch  409     409       409       moves            same       -         same      same      409
delivery   pick_up   409     409       409       409              409        -         409       409       409
delivery   deliver   409     409       409       409              moves      -         same      same      409
delivery   reject    moves   409       409       409              409        -         409       409       same
delivery   request   moves   moves     moves     moves            409        -         409       409       same

takeaway   confirm   moves   same      same      same             -          same      -         same      409
takeaway   prepare   409     moves     same      same             -          same      -         same      409
takeaway   ready     409     moves     moves     same             -          same      -         same      409
takeaway   dispatch  409     409       409       409              -          409       -         409       409
takeaway   pick_up   409     409       409       moves            -          same      -         same      409
takeaway   deliver   409     409       409       409              -          409       -         409       409
takeaway   reject    moves   409       409       409              -          409       -         409       same
takeaway   request   moves   moves     moves     moves            -          409       -         409       same

dine_in    confirm   moves   same      same      same             -          -         same      same      409
dine_in    prepare   409     moves     same      same             -          -         same      same      409
dine_in    ready     409     moves     moves     same             -          -         same      same      409
dine_in    dispatch  409     409       409       409              -          -         409       409       409
dine_in    pick_up   409     409       409       409              -          -         409       409       409
dine_in    deliver   409     409       409       moves            -          -         same      same      409
dine_in    reject    moves   409       409       409              -          -         409       409       same
dine_in    request   moves   moves     moves     moves            -          -         409       409       same
"""  # noqa: E501 - a table is read in columns

# What answers do to a store's request to give an order up, which is open while the store has it.
REQUESTS = """
answer PENDING_PAYMENT LAPSED CREATED CONFIRMED PREPARING READY_FOR_PICKUP DISPATCHED DELIVERED CONCLUDED CANCELLED
accept 409             409    409     moves     moves     moves            409        409       409       409
deny   409             409    409     moves     moves     moves            409        409       409       409
"""  # noqa: E501 - a table is read in columns

# What a customer who asks their store to be let go comes to: at once where that costs nothing.
WISHES = """
wish PENDING_PAYMENT LAPSED CREATED CONFIRMED PREPARING READY_FOR_PICKUP DISPATCHED DELIVERED CONCLUDED CANCELLED
ask  moves           same   moves   moves     moves     moves            409        409       409       same
"""  # noqa: E501 - a table is read in columns

# What a store's answers do to such a wish, which is open while the store has the order.
WISHED = """
answer PENDING_PAYMENT LAPSED CREATED CONFIRMED PREPARING READY_FOR_PICKUP DISPATCHED DELIVERED CONCLUDED CANCELLED
let_go 409             409    409     moves     moves     moves            409        409       409       409
go_on  409             409    409     moves     moves     moves            409        409       409       409
"""  # noqa: E501 - a table is read in columns

# Whether a code can be asked for, of what the store brings: while it is to be handed over.
CODES = """
asked PENDING_PAYMENT LAPSED CREATED CONFIRMED PREPARING READY_FOR_PICKUP DISPATCHED DELIVERED CONCLUDED CANCELLED
check 409             409    409     409       409       moves            moves      409       409       409
"""  # noqa: E501 - a table is read in columns

# Whether somebody may say where they wait for a takeaway: once its store has taken it on.
ARRIVALS = """
said PENDING_PAYMENT LAPSED CREATED CONFIRMED PREPARING READY_FOR_PICKUP PICKED_UP CONCLUDED CANCELLED
wait 409             409    409     moves     moves     moves            409       409       409
"""  # noqa: E501 - a table is read in columns

# Whether another time can be told for an order: while it is made.
DELAYS = """
telling PENDING_PAYMENT LAPSED CREATED CONFIRMED PREPARING READY_FOR_PICKUP DISPATCHED DELIVERED CONCLUDED CANCELLED
delay   409             409    409     moves     moves     409              409        409       409       409
"""  # noqa: E501 - a table is read in columns

# What an operator's command does to a store.
STORE_COMMANDS = """
command draft live  suspended
approve moves same  moves
suspend 409   moves same
"""

# What a command does to a delivery of the courier's own, and an operator's to any. Nobody has one
# that is PENDING; a delivery that has FINISHED was either delivered or returned.
JOB_COMMANDS = """
command            PENDING ACCEPTED PICKUP_ONGOING ARRIVED_AT_MERCHANT ORDER_PICKED DELIVERY_ONGOING ARRIVED_AT_CUSTOMER ORDER_DELIVERED RETURNING_TO_MERCHANT RETURNED_TO_MERCHANT DELIVERY_FINISHED CANCELLED
head_to_store      404     moves    same           same                same         same             same                same            same                  same                 same              409
arrive_at_store    404     moves    moves          same                same         same             same                same            same                  same                 same              409
pick_up            404     409      409            moves               same         same             same                same            same                  same                 same              409
head_to_customer   404     409      409            409                 moves        same             same                same            same                  same                 same              409
arrive_at_customer 404     409      409            409                 moves        moves            same                same            same                  same                 same              409
hand_over          404     409      409            409                 409          409              moves               same            409                   409                  409               409
bring_back         404     409      409            409                 moves        moves            moves               409             same                  same                 409               409
return             404     409      409            409                 409          409              409                 409             moves                 same                 409               409
release            404     moves    moves          moves               409          409              409                 409             409                   409                  409               same
reassign           409     moves    moves          moves               409          409              409                 409             409                   409                  409               same
complete           409     409      409            409                 409          409              moves               same            409                   409                  409               409
direct             moves   409      409            409                 409          409              409                 409             409                   409                  409               409
"""  # noqa: E501 - a table is read in columns

# What a courier's answer does to an offer that was made to them.
OFFER_COMMANDS = """
command pending viewed accepted declined expired revoked
view    moves   same   same     same     410     410
accept  moves   moves  same     410      410     410
decline moves   moves  410      same     410     410
"""

# Whether a customer who was told that nobody was found may choose to wait on, by the order's state.
CHOICES = """
choice PENDING_PAYMENT LAPSED CREATED CONFIRMED PREPARING READY_FOR_PICKUP DISPATCHED DELIVERED CONCLUDED CANCELLED
wait   409             409    409     moves     moves     moves            409        409       409       409
"""  # noqa: E501 - a table is read in columns

# Whether money of an order can be given back, by the order's state: there must be what was taken.
REFUNDS = """
refund PENDING_PAYMENT LAPSED CREATED CONFIRMED PREPARING READY_FOR_PICKUP DISPATCHED DELIVERED CONCLUDED CANCELLED
create 422             422    422     422       422       422              422        moves     moves     422
retry  422             422    422     422       422       422              422        moves     moves     422
"""  # noqa: E501 - a table is read in columns


def rows(table: str, keys: int = 1) -> dict[tuple[str, ...], dict[str, str]]:
    """A table by its first columns: what stands in the others, by their heads."""
    head, *lines = [line.split() for line in table.splitlines() if line]
    return {tuple(line[:keys]): dict(zip(head[keys:], line[keys:], strict=True)) for line in lines}


REVIEWED = {action: cells for (action,), cells in rows(TABLE).items()}
MOVES = rows(COMMANDS, keys=2)
STORE_MOVES = {command: cells for (command,), cells in rows(STORE_COMMANDS).items()}
JOB_MOVES = {command: cells for (command,), cells in rows(JOB_COMMANDS).items()}
OFFER_MOVES = {command: cells for (command,), cells in rows(OFFER_COMMANDS).items()}
MAY_ANSWER = {command: cells for (command,), cells in rows(REQUESTS).items()}
MAY_ASK_STORE = {command: cells for (command,), cells in rows(WISHES).items()}
MAY_ANSWER_CUSTOMER = {command: cells for (command,), cells in rows(WISHED).items()}
MAY_CHECK = {command: cells for (command,), cells in rows(CODES).items()}
MAY_WAIT = {command: cells for (command,), cells in rows(ARRIVALS).items()}
MAY_DELAY = {command: cells for (command,), cells in rows(DELAYS).items()}
MAY_CHOOSE = rows(CHOICES)["wait",]
MAY_REFUND = {command: cells for (command,), cells in rows(REFUNDS).items()}
