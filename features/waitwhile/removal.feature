@waitwhile
Feature: Waitwhile: visits that are removed
  A visit.removed means that the visit no longer exists: a receiver that keeps showing it shows a
  guest whose data was to be deleted. Documented: it is sent when a visit is deleted through the API
  or goes with its customer, and it carries the visit as it was; it is not sent when staff take a
  guest off the waitlist or a booking is cancelled. Assumed: nothing about a visit is sent after it,
  so whatever arrives after it is late and must not bring the visit back.

  Scenario Outline: a visit that is deleted <when> is known no more
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

  Scenario: a customer who is deleted takes every visit along
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

  Scenario: nobody else goes with a customer who is deleted
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

  Scenario: an update that comes again after the removal does not bring the visit back
    Given a Waitwhile account
    When Ferenc joins the waitlist
    And staff serve Ferenc
    And the visit of Ferenc is deleted
    And the visit.updated of Ferenc is delivered again
    Then no answer is a server error
    And the receiver does not know Ferenc's visit

  Scenario: a creation that comes again after the removal does not bring the visit back
    Given a Waitwhile account
    When Gilda joins the waitlist
    And the visit of Gilda is deleted
    And the visit.created of Gilda is delivered again
    Then no answer is a server error
    And the receiver does not know Gilda's visit

  Scenario: a creation that is overtaken by the removal makes no visit
    Given a Waitwhile account
    And every visit.created of Hamish is delayed by 10 minutes
    When Hamish books a slot in 2 hours
    And the visit of Hamish is deleted
    And 11 minutes pass
    Then every webhook is accepted
    And the receiver does not know Hamish's visit

  Scenario Outline: a visit whose webhooks arrive in <order> order is gone in the end
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

  Scenario: a removal that comes twice is a removal
    Given a Waitwhile account
    And every visit.removed is delivered twice
    When Juhani joins the waitlist
    And the visit of Juhani is deleted
    Then no answer is a server error
    And the receiver does not know Juhani's visit

  Scenario: a guest who is taken off the waitlist is still known
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

  Scenario: a guest who comes anew after the removal is a new guest
    Given a Waitwhile account
    When Mahnoor joins the waitlist
    And the visit of Mahnoor is deleted
    And "Mahnoor again" joins the waitlist
    Then every webhook is accepted
    And the receiver does not know Mahnoor's visit
    And the receiver has "Mahnoor again"'s visit as "WAITING"
