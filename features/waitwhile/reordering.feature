@waitwhile
Feature: Waitwhile: webhooks out of order

  @rule:order @must
  Rule: An older webhook undoes nothing that the body of a newer one shows
    Why: Two webhooks sent within a second may arrive in the wrong order. A receiver that always
    believes the last one shows a guest as waiting who is already being served.
    Documented: `updated` of the visit and `created` of the envelope.
    Source: https://developers.waitwhile.com/docs/webhook-response-examples
    Not documented: any promise of order.
    Assumed: both times and the envelope id only grow for one visit, as in all the examples. So a
    receiver can always see which webhook is newer.

    Scenario: a creation that arrives after the serve is ignored as outdated
      Given a Waitwhile account
      And every visit.created of Aino is delayed by 5 minutes
      When Aino joins the waitlist
      And staff serve Aino
      And 6 minutes pass
      Then every webhook is accepted
      And the receiver still has Aino's visit as "SERVING"
      And the receiver has Aino's visit as the vendor has it

    Scenario: a creation that is overtaken by the cancellation is ignored as outdated
      Given a Waitwhile account
      And every visit.created of Branko is delayed by 5 minutes
      When Branko joins the waitlist
      And Branko cancels
      And 6 minutes pass
      Then every webhook is accepted
      And the receiver still has Branko's visit as "COMPLETE"

    Scenario: an update that is overtaken by the very next one is ignored as outdated
      Given a Waitwhile account
      When Candela books a slot in 2 hours
      And the next visit.updated of Candela is overtaken by the next one
      And Candela reschedules to a slot in 5 hours
      And Candela reschedules to a slot in 8 hours
      Then every webhook is accepted
      And the receiver has Candela's visit as the vendor has it

    Scenario: a serve that arrives after the completion is ignored as outdated
      Given a Waitwhile account
      When Dimitra joins the waitlist
      And the next visit.updated of Dimitra is delayed by 30 minutes
      And staff serve Dimitra
      And 10 minutes pass
      And staff complete Dimitra
      And 21 minutes pass
      Then every webhook is accepted
      And the receiver still has Dimitra's visit as "COMPLETE"

    Scenario: a cancellation that arrives after the restore is ignored as outdated
      Given a Waitwhile account
      When Eyvind joins the waitlist
      And the next visit.updated of Eyvind is delayed by 10 minutes
      And Eyvind cancels
      And staff restore Eyvind to the waitlist
      And 11 minutes pass
      Then every webhook is accepted
      And the receiver still has Eyvind's visit as "WAITING"
      And the receiver has Eyvind's visit as the vendor has it

    Scenario: an approval that arrives after the cancellation is ignored as outdated
      Given a Waitwhile account
      When Filippa requests a slot in 4 hours
      And the next visit.updated of Filippa is delayed by 10 minutes
      And staff approve Filippa
      And Filippa cancels
      And 11 minutes pass
      Then every webhook is accepted
      And the receiver still has Filippa's visit as "COMPLETE"

    Scenario: a correction that arrives late does not bring the old name back
      Given a Waitwhile account
      When Gioele joins the waitlist
      And the next visit.updated of Gioele is delayed by 10 minutes
      And staff correct the name of Gioele to "Gioele Riva"
      And staff correct the name of Gioele to "Gioele Rivas"
      And 11 minutes pass
      Then every webhook is accepted
      And the receiver has Gioele's visit with:
        | field | value        |
        | name  | Gioele Rivas |

    Scenario Outline: a visit that arrives in <order> order ends complete
      Given a Waitwhile account
      And deliveries are held back
      When Hiroshi joins the waitlist
      And 5 minutes pass
      And staff serve Hiroshi
      And 5 minutes pass
      And staff complete Hiroshi
      And the held webhooks are delivered in <order> order
      Then every webhook is accepted
      And the receiver still has Hiroshi's visit as "COMPLETE"
      And the receiver has Hiroshi's visit as the vendor has it

      Examples:
        | order   |
        | reverse |
        | any     |

    Scenario Outline: a booking that arrives in <order> order ends in the right state
      Given a Waitwhile account
      And deliveries are held back
      When Ilinca requests a slot in 1 hour
      And staff approve Ilinca
      And Ilinca reschedules to a slot in 2 hours
      And staff move the booking of Ilinca to the waitlist
      And 10 minutes pass
      And staff serve Ilinca
      And the held webhooks are delivered in <order> order
      Then every webhook is accepted
      And the receiver still has Ilinca's visit as "SERVING"
      And the receiver has Ilinca's visit as the vendor has it

      Examples:
        | order   |
        | reverse |
        | any     |

    Scenario: changes within the same second are applied in the right order
      Given a Waitwhile account
      And deliveries are held back
      When Jerzy joins the waitlist
      And Jerzy arrives
      And staff flag Jerzy
      And staff serve Jerzy
      And the held webhooks are delivered in reverse order
      Then every webhook is accepted
      And the receiver still has Jerzy's visit as "SERVING"
      And the receiver has Jerzy's visit as the vendor has it

    Scenario: an outdated webhook has no effects
      Given a Waitwhile account
      When Kirsi joins the waitlist
      And the next visit.updated of Kirsi is delayed by 10 minutes
      And staff flag Kirsi
      And staff serve Kirsi
      And the effects on Kirsi are noted
      And 11 minutes pass
      Then the effects on Kirsi are unchanged
      And no answer is a server error
      And the receiver still has Kirsi's visit as "SERVING"
