@ombori
Feature: Ombori: acknowledgement in time

  @rule:acknowledgement @must
  Rule: A webhook is acknowledged in time
    Why: A receiver that finishes all its work before it answers gets slow on a busy day. A vendor
    that gives up waiting counts the webhook as failed.
    Not documented: how long Ombori waits, and which answers it accepts.
    Assumed: any 2xx within the time that standin.yaml allows (`ack_within`), and redirects are not
    followed.

    Scenario: every webhook of a walk-in is answered in time
      Given an Ombori account
      When Anoush takes a walk-in ticket
      And staff call Anoush
      And staff check in Anoush
      And staff check out Anoush
      Then every webhook is accepted
      And every answer comes in time

    Scenario: a body that arrives slowly is answered in time
      Given an Ombori account
      And the next webhook is sent slowly over 300ms
      When Bartek takes a walk-in ticket
      Then every webhook is accepted
      And every answer comes in time
      And the receiver has Bartek's position as "pending"

    Scenario: five requests at the same instant are answered in time
      Given an Ombori account
      And every webhook is delivered 5 times at the same instant
      When Celeste takes a walk-in ticket
      And Dov books a slot in 2 hours
      Then every answer comes in time
      And no answer is a server error
      And the receiver has Celeste's position as "pending"
      And the receiver has Dov's position as "draft"
