@waitwhile
Feature: Waitwhile: deactivated endpoints

  @rule:deactivation @must
  Rule: After a deactivation the next webhook brings a subject up to date
    Why: A receiver was down for a long weekend. The vendor has deactivated its endpoint, and the
    receiver knows only Friday's visits.
    Documented: an endpoint that consistently fails for more than three days is deactivated.
    Source: https://developers.waitwhile.com/docs/webhooks-1
    Assumed: the time counts from the first failure after the last success; a person reactivates the
    endpoint; webhooks from the time between are never sent. So the receiver has only the webhooks
    that come afterwards.

    @own-retries
    Scenario: an endpoint that fails for more than three days is deactivated
      Given a Waitwhile account
      And every webhook is answered 503 by a gateway
      When Alasdair joins the waitlist
      And 4 days pass
      And staff flag Alasdair
      Then the endpoint is deactivated
      And the receiver does not know Alasdair's visit

    @own-retries
    Scenario: an endpoint that fails for two days is still active
      Given a Waitwhile account
      And every webhook is answered 503 by a gateway
      When Berenike joins the waitlist
      And 2 days pass
      And staff flag Berenike
      Then the endpoint is active
      When the faults are over
      And staff serve Berenike
      Then the visit.updated of Berenike is accepted
      And the receiver has Berenike's visit as the vendor has it

    @own-retries
    Scenario: one success restarts the three days
      Given a Waitwhile account
      And every webhook is answered 503 by a gateway
      When Casimir joins the waitlist
      And 2 days pass
      And the faults are over
      And staff flag Casimir
      And every webhook times out on its way
      And Casimir runs late
      And 2 days pass
      And staff serve Casimir
      Then the endpoint is active
      When the faults are over
      And staff complete Casimir
      Then the receiver has Casimir's visit as the vendor has it

    @own-retries
    Scenario: the next change after the reactivation brings a visit up to date
      Given a Waitwhile account
      When Damaris joins the waitlist with a party of 2
      Then the receiver has Damaris's visit as "WAITING"
      When every webhook is answered 500 by a gateway
      And staff serve Damaris
      And 4 days pass
      And Damaris changes the party to 3
      Then the endpoint is deactivated
      And the receiver still has Damaris's visit as "WAITING"
      When the faults are over
      And the endpoint is reactivated
      And staff complete Damaris
      Then the endpoint is active
      And the visit.updated of Damaris is accepted
      And the receiver has Damaris's visit as the vendor has it

    @own-retries
    Scenario: webhooks missed while the endpoint was deactivated are not sent later
      Given a Waitwhile account
      And every webhook is answered 503 by a gateway
      When Elspeth joins the waitlist
      And 4 days pass
      And staff flag Elspeth
      Then the endpoint is deactivated
      When the faults are over
      And Friedrich joins the waitlist
      And the endpoint is reactivated
      Then the receiver does not know Friedrich's visit
      When Friedrich runs late
      Then the receiver has Friedrich's visit as the vendor has it

    @own-retries
    Scenario: guests who come after the reactivation are known from the start
      Given a Waitwhile account
      And every webhook is answered 503 by a gateway
      When Gratiana joins the waitlist
      And 4 days pass
      And staff flag Gratiana
      Then the endpoint is deactivated
      When the faults are over
      And the endpoint is reactivated
      And Hieronymus books a slot in 2 hours
      Then the visit.created of Hieronymus is accepted
      And the receiver has Hieronymus's visit as "BOOKED"
