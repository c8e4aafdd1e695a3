@waitwhile
Feature: Waitwhile: removed visits

  @rule:removal @must
  Rule: A subject that was removed does not come back
    Why: A visit.removed means that the visit no longer exists. A receiver that still shows it shows
    data that had to be deleted.
    Documented: it is sent when a visit is deleted through the API or together with its customer,
    and it has the visit as it was. It is not sent when staff take a guest off the waitlist or a
    booking is cancelled.
    Source: https://developers.waitwhile.com/docs/webhook-response-examples
    Assumed: no webhook about the visit is sent after it. So one that arrives later is late, and
    must not bring the visit back.

    Scenario Outline: a visit that is deleted <when> is no longer known
      Given a Waitwhile account
      When Adil joins the waitlist
      And <happens>
      And the visit of Adil is deleted
      Then every webhook is accepted
      And the receiver does not know Adil's visit

      Examples:
        | when                   | happens          |
        | while waiting          | 3 minutes pass   |
        | while being served     | staff serve Adil |
        | after it was cancelled | Adil cancels     |

    Scenario: deleting a customer deletes all their visits
      Given a Waitwhile account
      When Bettina joins the waitlist
      And staff serve Bettina
      And staff complete Bettina
      And 2 hours pass
      And Bettina comes back as "Bettina again"
      And staff delete the customer "Bettina again"
      Then every webhook is accepted
      And the receiver does not know Bettina's visit
      And the receiver does not know "Bettina again"'s visit

    Scenario: deleting a customer deletes nobody else
      Given a Waitwhile account
      When Ciarán joins the waitlist
      And Delphine joins the waitlist
      And staff delete the customer Ciarán
      Then every webhook is accepted
      And the receiver does not know Ciarán's visit
      And the receiver still has Delphine's visit as "WAITING"
      And the receiver has Delphine's visit as the vendor has it

    Scenario: an update that arrives after the removal does not bring the visit back
      Given a Waitwhile account
      When Ebba joins the waitlist
      And the next visit.updated of Ebba is delayed by 10 minutes
      And staff serve Ebba
      And the visit of Ebba is deleted
      And 11 minutes pass
      Then every webhook is accepted
      And no answer is a server error
      And the receiver does not know Ebba's visit

    Scenario: an update that arrives again after the removal does not bring the visit back
      Given a Waitwhile account
      When Ferenc joins the waitlist
      And staff serve Ferenc
      And the visit of Ferenc is deleted
      And the visit.updated of Ferenc is delivered again
      Then no answer is a server error
      And the receiver does not know Ferenc's visit

    Scenario: a creation that arrives again after the removal does not bring the visit back
      Given a Waitwhile account
      When Gilda joins the waitlist
      And the visit of Gilda is deleted
      And the visit.created of Gilda is delivered again
      Then no answer is a server error
      And the receiver does not know Gilda's visit

    Scenario: a creation that is overtaken by the removal creates no visit
      Given a Waitwhile account
      And every visit.created of Hamish is delayed by 10 minutes
      When Hamish books a slot in 2 hours
      And the visit of Hamish is deleted
      And 11 minutes pass
      Then every webhook is accepted
      And the receiver does not know Hamish's visit

    Scenario Outline: a deleted visit whose webhooks arrive in <order> order is deleted in the end
      Given a Waitwhile account
      And deliveries are held back
      When Ingrid joins the waitlist
      And staff serve Ingrid
      And the visit of Ingrid is deleted
      And the held webhooks are delivered in <order> order
      Then every webhook is accepted
      And the receiver does not know Ingrid's visit

      Examples:
        | order   |
        | reverse |
        | any     |

    Scenario: a removal that arrives twice removes the visit once
      Given a Waitwhile account
      And every visit.removed is delivered twice
      When Juhani joins the waitlist
      And the visit of Juhani is deleted
      Then no answer is a server error
      And the receiver does not know Juhani's visit

    Scenario: a guest whom staff take off the waitlist is still known
      Given a Waitwhile account
      When Karolína joins the waitlist
      And staff remove Karolína from the waitlist
      Then every webhook is accepted
      And the receiver still has Karolína's visit as "COMPLETE"

    Scenario: a cancelled booking is still known
      Given a Waitwhile account
      When Lazar books a slot in 3 hours
      And Lazar cancels
      Then every webhook is accepted
      And the receiver still has Lazar's visit as "COMPLETE"

    Scenario: a guest who comes back after the removal is a new guest
      Given a Waitwhile account
      When Mahnoor joins the waitlist
      And the visit of Mahnoor is deleted
      And "Mahnoor again" joins the waitlist
      Then every webhook is accepted
      And the receiver does not know Mahnoor's visit
      And the receiver has "Mahnoor again"'s visit as "WAITING"
