@doo
Feature: doo: acknowledgement with exactly 200

  @rule:acknowledgement @must
  Rule: A webhook is acknowledged in time
    Why: doo treats only 200 as a success and retries after every other answer. A receiver that
    answers 201 Created or 204 No Content seems to work, and gets each order ten times.
    Documented: exactly 200 means received and processed; any other answer leads to a retry.
    Source: https://viovendi.atlassian.net/wiki/spaces/API/pages/9077132
    Documented: the same holds for the token.
    Source: https://viovendi.atlassian.net/wiki/spaces/API/pages/3021340689/Authorization+request
    Not documented: how long doo waits for an answer, and whether it follows redirects.
    Assumed: it waits as long as standin.yaml says (`ack_within`), and follows no redirects.

    Scenario Outline: order_<what> is answered with 200 at the first attempt
      Given a doo account
      When Anzhelika books a ticket
      And <happens>
      Then every webhook is accepted
      And the last webhook took one attempt

      Examples:
        | what      | happens                                        |
        | created   | 1 hour passes                                  |
        | updated   | Anzhelika corrects the name to "Anzhelika Bem" |
        | cancelled | the organizer cancels the booking of Anzhelika |
        | removed   | the booking of Anzhelika is removed            |

    Scenario Outline: event_<what> is answered with 200 at the first attempt
      Given a doo account
      When the organizer creates the event Bazaar
      And 1 hour passes
      And <happens>
      Then every webhook is accepted
      And the last webhook took one attempt

      Examples:
        | what    | happens                        |
        | updated | the organizer publishes Bazaar |
        | removed | the organizer deletes Bazaar   |

    Scenario: every webhook of an order and every token is answered in time
      Given a doo account
      When Ceridwen books a ticket by bank transfer
      And 2 days pass
      And the payment of Ceridwen arrives
      And the organizer cancels the booking of Ceridwen
      And the booking of Ceridwen is removed
      Then every webhook is accepted
      And every token request is accepted
      And every answer comes in time

    Scenario: the opening rush is answered in time
      Given a doo account
      When Dominika books 10 tickets
      And Etxeberria books 4 tickets by bank transfer
      And Fearghal books tickets with Godelieve
      And Hyun-woo books a ticket
      And Izabela books 2 tickets
      Then every webhook is accepted
      And every answer comes in time
      And the receiver has Izabela's order as the vendor has it

    Scenario: a body that arrives slowly is answered in time
      Given a doo account
      And the next order_created is sent slowly over 300ms
      When Jarmila books 5 tickets
      Then every webhook is accepted
      And every answer comes in time
      And the receiver has Jarmila's order as "active"

    Scenario: five requests at the same instant are answered in time
      Given a doo account
      And every webhook is delivered 5 times at the same instant
      When Kenneth books a ticket
      And the organizer renames Summit to "Summit in a hurry"
      Then every answer comes in time
      And no answer is a server error
      And the receiver has Kenneth's order as "active"
      And the receiver has Summit's event as the vendor has it

    @own-retries
    Scenario: doo gives up after ten attempts, and not before
      Given a doo account
      And every webhook is answered 503 by a gateway
      When Laurynas books a ticket
      Then the last webhook took 10 attempts
      And the last webhook is a dead letter
      And the receiver does not know Laurynas's order
      When the faults are over
      And the dead letters are sent again
      Then the receiver has Laurynas's order as the vendor has it
