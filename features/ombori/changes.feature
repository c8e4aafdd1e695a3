@ombori
Feature: Ombori: changes are held to the same rules as creations

  @rule:credentials @must @credentials
  Rule: A webhook without valid credentials is refused and changes nothing
    Why: Anybody who finds the URL can post to it. A receiver that checks no credentials lets
    strangers call and cancel tickets.
    Documented: request headers can be configured, for example for authentication; there is no
    signature.
    Source: https://ombori.atlassian.net/wiki/pages/viewpage.action?navigatingVersions=true&pageId=458588166
    Assumed: the header has the name and value that standin.yaml configures; each of several is checked. Any
    4xx is a refusal; 401 and 403 are usual.

    Scenario Outline: a call that arrives <how> is refused and changes nothing
      Given an Ombori account
      When Aurélie takes a walk-in ticket
      And the next positionCalled arrives <how>
      And staff call Aurélie
      Then the positionCalled of Aurélie is refused
      And the receiver still has Aurélie's position as "pending"

      Examples:
        | how                                                |
        | without credentials                                |
        | with empty credentials                             |
        | with wrong credentials                             |
        | with malformed credentials                         |
        | with credentials in another case                   |
        | with credentials that differ in the last character |

  @rule:new-fields @should
  Rule: A field that was added breaks nothing
    Why: The vendor often adds fields, and a payload has no version. A receiver that breaks on a new
    one is down on the day that it comes.
    Documented: the position model has changed fourteen times, and fields were added.
    Source: https://ombori.atlassian.net/wiki/spaces/OAKB/pages/458620937/Position+model
    Inferred: it will change again, and a receiver is not told.

    Scenario Outline: a call with the new field <path> is accepted
      Given an Ombori account
      When Bogumił takes a walk-in ticket
      And the next positionCalled arrives with field "<path>" as "gold"
      And staff call Bogumił
      Then the positionCalled of Bogumił is accepted
      And the receiver has Bogumił's position as "notified"

      Examples:
        | path                      |
        | version                   |
        | data.position.loyaltyTier |

  @rule:broken-fields @should
  Rule: A field that breaks the model breaks nothing else
    Why: A receiver may refuse or ignore what it does not understand. It must say so clearly and
    must not invent missing values.
    Documented: the fields and their types.
    Source: https://ombori.atlassian.net/wiki/spaces/OAKB/pages/458620937/Position+model
    Assumed: the vendor may break its own model in any other field than the id.

    Scenario Outline: a creation that <damage> is accepted or refused, and the call after it is accepted
      Given an Ombori account
      And the next webhook <damage>
      When Cathal takes a walk-in ticket
      Then the positionCreated of Cathal is accepted or refused
      And no answer is a server error
      When staff call Cathal
      Then the positionCalled of Cathal is accepted
      And the receiver has Cathal's position as "notified"

      Examples:
        | damage                                                       |
        | arrives without field "data.position.label"                  |
        | arrives without field "data.position.queue"                  |
        | arrives without field "data.position.locale"                 |
        | arrives without field "data.position.createdAt"              |
        | arrives without field "data.position.type"                   |
        | arrives with field "data.position.numberOfPeople" as "two"   |
        | arrives with field "data.position.retryCount" as "once"      |
        | arrives with field "data.position.calledAt" as "just now"    |
