@doo
Feature: doo: tickets at the door

  @rule:tickets @must
  Rule: A ticket is valid only as long as the vendor says so
    Why: At the door only the ticket counts. A receiver that looks only at the order lets people in
    who have not paid, and one that misses a check-in lets two people in with one ticket.
    Documented: a ticket is pending, valid, cancelled or checked.
    Source: https://viovendi.atlassian.net/wiki/pages/diffpages.action?originalId=3014492187&pageId=3015147546
    Documented: a check-in can be undone.
    Source: https://github.com/viovendi/doo-api-gateway/blob/cca35f06c8fe3947e51d5b148203a22f65123316/doo-swagger.json
    Assumed: a check-in and its undoing send a webhook about the order, the attendee stays active,
    and a ticket whose check-in was undone is valid again.

    Scenario: a check-in changes only the ticket
      Given a doo account
        | setting       | value         |
        | checkin_fires | order_updated |
      When Adetokunbo books a ticket
      And 2 days pass
      And staff check in Adetokunbo
      Then every webhook is accepted
      And the receiver has Adetokunbo's ticket as "checked"
      And the receiver has Adetokunbo's attendee as "active"
      And the receiver has Adetokunbo's order as "active"

    Scenario: a ticket whose check-in is undone is valid
      Given a doo account
        | setting       | value         |
        | checkin_fires | order_updated |
      When Birgitta books a ticket
      And staff check in Birgitta
      And 1 minute passes
      And staff undo the check-in of Birgitta
      Then every webhook is accepted
      And the receiver has Birgitta's ticket as "valid"
      And the receiver has Birgitta's attendee as "active"

    Scenario: a check-in of one ticket leaves the other ticket of the order valid
      Given a doo account
        | setting       | value         |
        | checkin_fires | order_updated |
      When Fatoumata books tickets with Gintaras
      And staff check in Gintaras
      Then every webhook is accepted
      And the receiver has Gintaras's ticket as "checked"
      And the receiver has Fatoumata's ticket as "valid"
      And the receiver has Fatoumata's attendee as "active"

    Scenario: undoing one check-in leaves the other ticket of the order checked
      Given a doo account
        | setting       | value         |
        | checkin_fires | order_updated |
      When Hotaru books tickets with Ignacy
      And staff check in Hotaru
      And staff check in Ignacy
      And staff undo the check-in of Hotaru
      Then every webhook is accepted
      And the receiver has Hotaru's ticket as "valid"
      And the receiver has Ignacy's ticket as "checked"

    Scenario: a checked ticket whose order is removed is cancelled
      Given a doo account
        | setting       | value         |
        | checkin_fires | order_updated |
      When Jovana books a ticket
      And staff check in Jovana
      And the booking of Jovana is removed
      Then every webhook is accepted
      And the receiver has Jovana's ticket as "cancelled"
      And the receiver has Jovana's order as "removed", or not at all

  @rule:repeated-changes @should
  Rule: What was so before can be so again
    Why: A check-in after an undone one may have the same bytes as the first one. A receiver that takes it
    for a duplicate of the first lets two people in with one ticket.
    Documented: a check-in can be undone.
    Source: https://github.com/viovendi/doo-api-gateway/blob/cca35f06c8fe3947e51d5b148203a22f65123316/doo-swagger.json
    Inferred: an order has no time of change, so only the last webhook tells what is so now. A receiver
    that knows duplicates by their bytes alone, which no document forbids, cannot tell these two apart.
    Assumed: a check-in sends a webhook about the order.

    Scenario: a ticket whose check-in was undone can be checked in again
      Given a doo account
        | setting       | value         |
        | checkin_fires | order_updated |
      When Cătălina books a ticket
      And staff check in Cătălina
      And staff undo the check-in of Cătălina
      And 5 minutes pass
      And staff check in Cătălina
      Then every webhook is accepted
      And the receiver has Cătălina's ticket as "checked"
