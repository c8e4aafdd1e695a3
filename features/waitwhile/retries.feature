@waitwhile
Feature: Waitwhile: retries
  These scenarios set the waits themselves, so they pass for any setting. An answer of a gateway
  below does not come from the receiver.

  Background:
    Given a Waitwhile account
    And deliveries are retried 3 times, 10 minutes apart

  @rule:retries @must
  Rule: A webhook that failed is accepted when it is retried
    Why: A failed attempt is repeated. So a receiver that was busy for a minute loses nothing, and
    one whose answer was lost gets the same webhook again.
    Documented: only a 2xx counts as received, a redirect does not; a failed attempt is repeated up
    to three times.
    Source: https://developers.waitwhile.com/docs/webhooks-1
    Not documented: the waits, and whether Retry-After counts.
    Assumed: it does not, and the id and the bytes stay the same.

    Scenario Outline: a creation that <happens> is accepted when it is retried
      Given attempt 1 of every webhook <happens>
      When Anselm joins the waitlist
      Then the last webhook took 2 attempts
      And the visit.created of Anselm is accepted
      And the receiver has Anselm's visit as the vendor has it

      Examples:
        | happens                                                  |
        | is answered 500 by a gateway                             |
        | is answered 503 by a gateway with Retry-After 30 seconds |
        | is answered 302 by a gateway                             |
        | is answered 404 by a gateway                             |
        | times out on its way                                     |
        | is reset mid-body                                        |

    Scenario: a creation that fails three times is accepted at the fourth attempt
      Given attempt 1 of every webhook is answered 500 by a gateway
      And attempt 2 of every webhook times out on its way
      And attempt 3 of every webhook is answered 503 by a gateway with Retry-After 2 minutes
      When Brigitta joins the waitlist
      Then the last webhook took 4 attempts
      And the visit.created of Brigitta is accepted
      And the receiver has Brigitta's visit as "WAITING"

    Scenario: a change that fails four times is given up, and the next webhook includes it
      When Cyril joins the waitlist
      And every visit.updated of Cyril is answered 500 by a gateway
      And staff flag Cyril
      Then the last webhook took 4 attempts
      When the faults are over
      And staff serve Cyril
      Then the visit.updated of Cyril is accepted
      And the receiver has Cyril's visit as the vendor has it

    Scenario: a creation that fails four times is repaired by the next change
      Given every webhook is answered 503 by a gateway
      When Désirée joins the waitlist
      Then the last webhook took 4 attempts
      And the receiver does not know Désirée's visit
      When the faults are over
      And staff serve Désirée
      Then the receiver has Désirée's visit as the vendor has it

    Scenario Outline: a visit has its effects once if every webhook <happens>
      Given attempt 1 of every webhook of Faustina <happens>
      When Faustina joins the waitlist
      And staff serve Faustina
      And staff complete Faustina
      And Gideon joins the waitlist
      And staff serve Gideon
      And staff complete Gideon
      Then the effects on Faustina equal those on Gideon
      And no answer is a server error
      And the receiver still has Faustina's visit as "COMPLETE"

      Examples:
        | happens                                  |
        | arrives but its answer is lost           |
        | arrives but is answered 504 by a gateway |

    Scenario: a creation whose answer is lost three times creates one guest
      Given attempt 1 of every visit.created of Hjördis arrives but its answer is lost
      And attempt 2 of every visit.created of Hjördis arrives but is answered 502 by a gateway
      And attempt 3 of every visit.created of Hjördis arrives but its answer is lost
      When Hjördis joins the waitlist
      And Isidor joins the waitlist
      Then the effects on Hjördis equal those on Isidor
      And the receiver has Hjördis's visit as the vendor has it

    Scenario: a guest is known even if no answer to the creation ever arrives
      Given every visit.created of Jolanta arrives but its answer is lost
      When Jolanta joins the waitlist
      Then the receiver has Jolanta's visit as "WAITING"

    Scenario: a change that is retried after a newer one is ignored as outdated
      When Kaspar joins the waitlist
      And attempt 1 of the next visit.updated of Kaspar is answered 500 by a gateway
      And staff flag Kaspar
      And staff serve Kaspar
      Then every webhook is accepted
      And the receiver still has Kaspar's visit as "SERVING"
      And the receiver has Kaspar's visit as the vendor has it

    Scenario: a serve that is retried after the completion is ignored as outdated
      When Leontine joins the waitlist
      And attempt 1 of the next visit.updated of Leontine times out on its way
      And staff serve Leontine
      And 30 seconds pass
      And staff complete Leontine
      And 11 minutes pass
      Then every webhook is accepted
      And the receiver still has Leontine's visit as "COMPLETE"

    Scenario: a creation that is retried after the removal does not bring the visit back
      Given attempt 1 of every visit.created of Mathis is answered 500 by a gateway
      When Mathis joins the waitlist
      And the visit of Mathis is deleted
      And 11 minutes pass
      Then every webhook is accepted
      And the receiver does not know Mathis's visit

    Scenario: a burst whose first attempts all fail is applied a minute later
      When Nadira joins the waitlist
      And Otmar joins the waitlist
      And Philippa joins the waitlist
      And attempt 1 of every visit.updated is answered 503 by a gateway
      And staff serve Nadira
      And Otmar cancels
      Then every webhook is accepted
      And the receiver has Philippa's visit with:
        | field    | value |
        | position | 1     |
      And the receiver still has Otmar's visit as "COMPLETE"

    @validates-first
    Scenario: a webhook that was refused as truncated is accepted when it is retried in full
      Given attempt 1 of every webhook arrives truncated
      When Radka joins the waitlist
      Then every webhook is accepted
      And no answer is a server error
      And the receiver has Radka's visit as the vendor has it
