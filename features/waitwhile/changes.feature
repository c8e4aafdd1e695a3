@waitwhile
Feature: Waitwhile: changes are held to the same rules as creations

  @rule:new-fields @should
  Rule: A field that was added breaks nothing
    Why: The vendor changes its payloads without a version. A receiver that breaks on a new field is
    down on the day that it comes.
    Documented: the examples have lost fields over the years.
    Source: https://developers.waitwhile.com/docs/webhook-response-examples
    Assumed: fields may be added, too.

    Scenario: a change with a new field is accepted
      Given a Waitwhile account
      When Aurélie joins the waitlist
      And the next visit.updated of Aurélie arrives with field "after.loyaltyTier" as "gold"
      And staff serve Aurélie
      Then the visit.updated of Aurélie is accepted
      And the receiver has Aurélie's visit as the vendor has it

  @rule:broken-fields @should
  Rule: A field that breaks the model breaks nothing else
    Why: A receiver may refuse or ignore what it does not understand. It must say so clearly and
    must not invent missing values.
    Documented: the fields of a visit and their types.
    Source: https://developers.waitwhile.com/reference/visits-1
    Assumed: the vendor may break its own model in any other field than the id.

    Scenario Outline: a creation that <damage> is accepted or refused, and the change after it is accepted
      Given a Waitwhile account
      And the next visit.created <damage>
      When Bogumił joins the waitlist
      Then the visit.created of Bogumił is accepted or refused
      And no answer is a server error
      When staff serve Bogumił
      Then the visit.updated of Bogumił is accepted
      And the receiver has Bogumił's visit as the vendor has it

      Examples:
        | damage                                      |
        | arrives without field "data.state"          |
        | arrives without field "data.partySize"      |
        | arrives without field "data.updated"        |
        | arrives without field "data.locationId"     |
        | arrives with field "data.partySize" as null |
