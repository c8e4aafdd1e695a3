Feature: Our own

  @rule:welcome @should
  Rule: Guests are welcome
    Why: A guest who is not welcome goes elsewhere.
    Assumed: guests come.

    Background:
      Given an Ombori account

    @slow
    Scenario: a ticket
      When Anna takes a walk-in ticket
      And staff call Anna
      Then every webhook is accepted

    # A comment belongs to what follows.
    Scenario: a refusal
      When Bo takes a walk-in ticket
      Then the last webhook is refused

  Rule: Others

    # This rule only groups.
    Scenario: without a rule
      Given an Ombori account
      When Cleo takes a walk-in ticket
      Then every webhook is accepted
