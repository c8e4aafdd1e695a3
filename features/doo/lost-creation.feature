@doo
Feature: doo: lost creations

  @rule:lost-creation @must
  Rule: A subject becomes known with any webhook about it
    Why: There is only ever one order_created for each order. A receiver may miss it, because it was
    down during all ten attempts or was connected only today. It must then learn about the order
    from the next webhook.
    Documented: each webhook has the whole order or event, so the next one is enough.
    Source: https://viovendi.atlassian.net/wiki/pages/diffpages.action?originalId=3014492187&pageId=3015147546
    Assumed: a creation can be lost for good.

    Scenario: an order whose creation was lost becomes known with the payment
      Given a doo account
      And every order_created is lost
      When Aminata books a ticket by bank transfer
      And the payment of Aminata arrives
      Then the order_updated of Aminata is accepted
      And the receiver has Aminata's order as the vendor has it
      And the receiver has Aminata's ticket as "valid"

    Scenario Outline: a booking whose creation was lost becomes known when the organizer <decision> it
      Given a doo account
        | setting  | value |
        | prices   | free  |
        | approval | on    |
      And every order_created is lost
      When Boleslav books a ticket
      And the organizer <decision> Boleslav
      Then the order_updated of Boleslav is accepted
      And the receiver has Boleslav's order as "<status>"
      And the receiver has Boleslav's ticket as "<ticket>"

      Examples:
        | decision | status | ticket    |
        | approves | active | valid     |
        | denies   | denied | cancelled |

    Scenario: all attendees of an order become known with a check-in
      Given a doo account
        | setting       | value         |
        | checkin_fires | order_updated |
      And every order_created is lost
      When Dorotea books tickets with Eustace
      And staff check in Dorotea
      Then the order_updated of Dorotea is accepted
      And the receiver has Eustace's attendee as the vendor has it
      And the receiver has Eustace's ticket as "valid"

    Scenario: an order whose creation was lost becomes known with its cancellation
      Given a doo account
      And every order_created is lost
      When Florin books a ticket
      And the organizer cancels the booking of Florin
      Then the order_cancelled of Florin is accepted
      And the receiver has Florin's order as "organizer_accepted_cancellation"

    Scenario: the removal of an unknown order is accepted
      Given a doo account
      And every order_created is lost
      When Gunnhild books a ticket
      And the booking of Gunnhild is removed
      Then the order_removed of Gunnhild is accepted
      And no answer is a server error

    Scenario: an event whose creation was lost becomes known when it is published
      Given a doo account
      And every event_created is lost
      When the organizer creates the event Hogmanay
      And 1 hour passes
      And the organizer publishes Hogmanay
      Then the event_updated of Hogmanay is accepted
      And the receiver has Hogmanay's event as the vendor has it

    Scenario: an order whose creation arrives late is not created a second time
      Given a doo account
      And every order_created of Johannes is delayed by 1 hour
      When Johannes books a ticket by bank transfer
      And the payment of Johannes arrives
      And the effects on Johannes are noted
      And 61 minutes pass
      Then the effects on Johannes are unchanged
      And the receiver still has Johannes's ticket as "valid"
