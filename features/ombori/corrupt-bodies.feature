@ombori
Feature: Ombori: corrupt bodies

  @rule:corrupt-bodies @must
  Rule: A corrupt body changes nothing and breaks nothing
    Why: A receiver must not guess what a corrupt body means. A 5xx or no answer hides the cause and
    looks as if the receiver were down.
    Documented: a webhook is a POST with a JSON body.
    Source: https://ombori.atlassian.net/wiki/pages/viewpage.action?navigatingVersions=true&pageId=458588166
    Inferred: what is not JSON is not a webhook, so nothing in it can be believed.

    Scenario Outline: a creation that <damage> leaves no position
      Given an Ombori account
      And the next webhook <damage>
      When Amara takes a walk-in ticket
      Then the positionCreated of Amara is accepted or refused
      And the receiver does not know Amara's position

      Examples:
        | damage                    |
        | arrives truncated         |
        | arrives as invalid JSON   |
        | arrives with broken UTF-8 |

    Scenario Outline: a call that <damage> changes nothing
      Given an Ombori account
      And the next positionCalled <damage>
      When Benedikt takes a walk-in ticket
      And the effects on Benedikt are noted
      And staff call Benedikt
      Then the positionCalled of Benedikt is accepted or refused
      And the effects on Benedikt are unchanged
      And the receiver still has Benedikt's position as "pending"

      Examples:
        | damage                  |
        | arrives truncated       |
        | arrives as invalid JSON |

    Scenario: a creation that is cut off in mid-body leaves no position
      Given an Ombori account
      And the next webhook is reset mid-body
      When Davit takes a walk-in ticket
      Then the receiver does not know Davit's position

    Scenario: a corrupt body does not affect the webhook after it
      Given an Ombori account
      And the next webhook arrives as invalid JSON
      When Esther takes a walk-in ticket
      And staff call Esther
      Then the positionCalled of Esther is accepted
      And the receiver has Esther's position as the vendor has it

  @rule:corrupt-bodies-refused @should
  Rule: A corrupt body is refused
    Why: A clear 4xx tells the sender what is wrong. A 200 says that the webhook arrived, and nobody
    learns that it is lost.
    Documented: a webhook is a POST with a JSON body.
    Source: https://ombori.atlassian.net/wiki/pages/viewpage.action?navigatingVersions=true&pageId=458588166
    Not documented: how to answer a body that is not JSON.
    Assumed: a receiver may also keep a body in a queue and acknowledge it before it is read.

    Scenario Outline: a creation that <damage> is refused
      Given an Ombori account
      And the next webhook <damage>
      When Halvard takes a walk-in ticket
      Then the positionCreated of Halvard is refused

      Examples:
        | damage                    |
        | arrives truncated         |
        | arrives as invalid JSON   |
        | arrives with broken UTF-8 |

    Scenario Outline: a call that <damage> is refused
      Given an Ombori account
      And the next positionCalled <damage>
      When Ilse takes a walk-in ticket
      And staff call Ilse
      Then the positionCalled of Ilse is refused

      Examples:
        | damage                  |
        | arrives truncated       |
        | arrives as invalid JSON |

  @rule:odd-bodies @should
  Rule: Another content type or a large body breaks nothing
    Why: A proxy may change the content type, and a booking may have long answers. A receiver may
    refuse either. It must not fail with a server error or lose the webhook after it.
    Not documented: the content type, and how large a body can be.
    Assumed: the content type is application/json, and bodies have at most a few kilobytes.

    Scenario Outline: content type "<type>" is accepted or refused, and the call after it is accepted
      Given an Ombori account
      And the next webhook arrives with content type "<type>"
      When Fabio takes a walk-in ticket
      Then the positionCreated of Fabio is accepted or refused
      And no answer is a server error
      When staff call Fabio
      Then the positionCalled of Fabio is accepted
      And the receiver has Fabio's position as "notified"

      Examples:
        | type            |
        | text/plain      |
        | application/xml |

    Scenario Outline: a body of <size> is accepted or refused, and the call after it is accepted
      Given an Ombori account
      And the next webhook arrives with a body of <size>
      When Gabriela takes a walk-in ticket
      Then the positionCreated of Gabriela is accepted or refused
      And no answer is a server error
      When staff call Gabriela
      Then the positionCalled of Gabriela is accepted
      And the receiver has Gabriela's position as "notified"

      Examples:
        | size   |
        | 64 kB  |
        | 300 kB |
