@waitwhile
Feature: Waitwhile: restored visits

  @rule:restore @must
  Rule: A visit that is complete can be restored
    Why: COMPLETE is not final: staff can bring a guest back to the waitlist with one click. A
    receiver that treats a completed visit as final loses that guest.
    Documented: a restored visit fires visit.updated and never a second visit.created.
    Source: https://developers.waitwhile.com/docs/webhook-response-examples
    Assumed: it goes to the end of the line and loses its serve time, its completion time, its
    waiting time and the tags that ended it.

    Scenario Outline: a visit that ended because <happens> can be restored
      Given a Waitwhile account
      When Agnieszka joins the waitlist
      And <happens>
      And 5 minutes pass
      And staff restore Agnieszka to the waitlist
      Then every webhook is accepted
      And the receiver still has Agnieszka's visit as "WAITING"
      And the receiver has Agnieszka's visit with:
        | field    | value |
        | position | 1     |
        | tags     | []    |
      And the receiver has Agnieszka's visit as the vendor has it

      Examples:
        | happens                                  |
        | Agnieszka cancels                        |
        | Agnieszka does not show up               |
        | staff remove Agnieszka from the waitlist |

    Scenario: a served guest who is restored waits again as if never served
      Given a Waitwhile account
      When Beatriz joins the waitlist
      And 5 minutes pass
      And staff serve Beatriz
      And 10 minutes pass
      And staff complete Beatriz
      And staff restore Beatriz to the waitlist
      Then every webhook is accepted
      And the receiver has Beatriz's visit with:
        | field        | value   |
        | state        | WAITING |
        | waitDuration | null    |
      And the receiver has Beatriz's visit as the vendor has it

    Scenario: a restored guest is at the end of the line
      Given a Waitwhile account
      When Cathal joins the waitlist
      And Disa joins the waitlist
      And Enzo joins the waitlist
      And Cathal cancels
      And staff restore Cathal to the waitlist
      Then every webhook is accepted
      And the receiver has Disa's visit with:
        | field    | value |
        | position | 1     |
      And the receiver has Cathal's visit with:
        | field    | value |
        | position | 3     |

    Scenario: a restored guest is served later
      Given a Waitwhile account
      When Fleur joins the waitlist
      And Fleur cancels
      And staff restore Fleur to the waitlist
      And 8 minutes pass
      And staff serve Fleur
      And staff complete Fleur
      Then every webhook is accepted
      And the receiver has Fleur's visit as the vendor has it

    Scenario: a restored booking is booked and can be cancelled again
      Given a Waitwhile account
      When Goran books a slot in 4 hours
      And Goran cancels
      And staff restore the booking of Goran
      Then the receiver has Goran's visit as "BOOKED"
      When Goran cancels
      Then every webhook is accepted
      And the receiver has Goran's visit as "COMPLETE"

    Scenario: a restore that arrives twice restores once
      Given a Waitwhile account
      When Helmi joins the waitlist
      And Helmi cancels
      And every visit.updated of Helmi is delivered twice at the same instant
      And staff restore Helmi to the waitlist
      And Iosif joins the waitlist
      And Iosif cancels
      And staff restore Iosif to the waitlist
      Then the effects on Helmi equal those on Iosif
      And the receiver still has Helmi's visit as "WAITING"

    Scenario: a completion that arrives again after the restore is ignored as outdated
      Given a Waitwhile account
      And deliveries are held back
      When Jaswinder joins the waitlist
      And staff serve Jaswinder
      And staff complete Jaswinder
      And staff restore Jaswinder to the waitlist
      And the held webhooks are delivered in reverse order
      Then every webhook is accepted
      And the receiver still has Jaswinder's visit as "WAITING"
      And the receiver has Jaswinder's visit as the vendor has it
