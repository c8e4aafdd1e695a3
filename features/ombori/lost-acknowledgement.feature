@ombori
Feature: Ombori: lost acknowledgements

  @rule:lost-acknowledgement @must
  Rule: A retry after a lost answer has no second effect
    Why: The receiver has applied a webhook and answered, but the answer is lost, and the vendor
    tries again. That retry is a duplicate, and it may arrive after newer webhooks.
    Not documented: whether Ombori retries at all.
    Assumed: it does not, unless a scenario turns retries on. A retry has the same bytes.

    Scenario: a ticket is known even if the answer to its creation is lost
      Given an Ombori account
      And the next webhook arrives but its answer is lost
      When Anneli takes a walk-in ticket
      Then the receiver has Anneli's position as "pending"

    Scenario: a creation that is retried after a lost answer has its effects once
      Given an Ombori account
      And deliveries are retried 2 times, 1 minute apart
      And attempt 1 of every positionCreated of Bashir arrives but its answer is lost
      When Bashir takes a walk-in ticket
      And 2 minutes pass
      Then the last webhook took 2 attempts
      And every webhook is accepted
      When Clara takes a walk-in ticket
      Then the effects on Bashir equal those on Clara

    Scenario: a call whose answer is lost twice has its effects once
      Given an Ombori account
      And deliveries are retried 3 times, 1 minute apart
      And attempt 1 of every positionCalled of Dagny arrives but its answer is lost
      And attempt 2 of every positionCalled of Dagny arrives but its answer is lost
      When Dagny takes a walk-in ticket
      And staff call Dagny
      And 5 minutes pass
      Then the last webhook took 3 attempts
      When Erik takes a walk-in ticket
      And staff call Erik
      Then the effects on Dagny equal those on Erik
      And the receiver still has Dagny's position as "notified"

    @ordered
    Scenario: a call that is retried after the check-in is ignored as outdated
      Given an Ombori account
      And deliveries are retried 2 times, 5 minutes apart
      And attempt 1 of every positionCalled of Grzegorz arrives but its answer is lost
      When Grzegorz takes a walk-in ticket
      And staff call Grzegorz
      And staff check in Grzegorz
      And Heidi takes a walk-in ticket
      And staff call Heidi
      And staff check in Heidi
      And 6 minutes pass
      Then the effects on Grzegorz equal those on Heidi
      And the receiver still has Grzegorz's position as "fulfilled"

  @rule:retries-if-any @should
  Rule: A webhook that failed is accepted if it is retried
    Why: A webhook that was cut off or damaged on the way was not received. If the receiver takes
    the retry for a duplicate, the change is lost.
    Not documented: whether Ombori retries at all.
    Assumed: it does not, unless a scenario turns retries on.

    Scenario: a webhook that was cut off is accepted when it is retried
      Given an Ombori account
      And deliveries are retried 2 times, 1 minute apart
      And attempt 1 of every positionCreated is reset mid-body
      When Isolde takes a walk-in ticket
      And 2 minutes pass
      Then the last webhook took 2 attempts
      And the positionCreated of Isolde is accepted
      And the receiver has Isolde's position as the vendor has it

    @validates-first
    Scenario: a webhook that was refused as truncated is accepted when it is retried in full
      Given an Ombori account
      And deliveries are retried 2 times, 1 minute apart
      And attempt 1 of every positionCalled arrives truncated
      When Janek takes a walk-in ticket
      And staff call Janek
      And 2 minutes pass
      Then the positionCalled of Janek is accepted
      And no answer is a server error
      And the receiver has Janek's position as "notified"

  @rule:order-without-time @should
  Rule: An older webhook undoes nothing, even if no time in its body shows its age
    Why: Two webhooks sent within a second may arrive in the wrong order, and a duplicate or a retry
    may come after newer webhooks. A receiver that always believes the last one opens a cancelled
    ticket again, or shows an old slot.
    Documented: a webhook has no event time, and no order is promised.
    Source: https://ombori.atlassian.net/wiki/pages/diffpagesbyversion.action?originalVersion=11&pageId=369459217&revisedVersion=13
    Inferred: completed and rejected are final, so a webhook that says otherwise is older.

    Scenario: retries that arrive after the rejection change nothing
      Given an Ombori account
      And deliveries are retried 2 times, 1 minute apart
      And attempt 1 of every webhook of Emre arrives but its answer is lost
      When Emre takes a walk-in ticket
      And staff reject Emre
      And Fiona takes a walk-in ticket
      And staff reject Fiona
      And 2 minutes pass
      Then every webhook is accepted
      And the effects on Emre equal those on Fiona
      And the receiver still has Emre's position as "rejected"

    Scenario: a check-out that is retried after the feedback does not lose the feedback
      Given an Ombori account
      And deliveries are retried 2 times, 1 minute apart
      And attempt 1 of every positionCompleted arrives but its answer is lost
      When Hassan takes a walk-in ticket
      And staff call Hassan
      And staff check in Hassan
      And staff check out Hassan
      And Hassan gives feedback 3 "All right"
      And 2 minutes pass
      Then every webhook is accepted
      And the receiver has Hassan's position as the vendor has it
