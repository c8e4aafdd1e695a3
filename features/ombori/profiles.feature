@ombori
Feature: Ombori: every version of the payloads

  @rule:versions @must
  Rule: Every documented version of the payload is understood
    Why: The vendor has often changed its payloads. A receiver that knows one version alone fails
    the accounts that get another.
    Documented: location is an object with a name; `bookingRemoved` is what is later called
    `positionRemoved`.
    Source: https://ombori.atlassian.net/wiki/x/CgB2Gg
    Documented: registrationData is an object.
    Source: https://ombori.atlassian.net/wiki/x/FoBVGw
    Documented: station is null if nobody called; message is null or absent.
    Source: https://ombori.atlassian.net/wiki/pages/diffpages.action?originalId=461668372&pageId=509083650
    Documented: registrationData becomes an array.
    Source: https://ombori.atlassian.net/wiki/pages/diffpages.action?originalId=850624516&pageId=850001925
    Not documented: which account gets which version, and since when.
    Assumed: a receiver may get any of them.

    Scenario Outline: a walk-in ticket is served in profile <profile>
      Given an Ombori account on profile "<profile>"
      When Alva takes a walk-in ticket
      And staff call Alva
      And staff check in Alva
      And staff check out Alva
      Then every webhook is accepted
      And the receiver has Alva's position as "completed"

      Examples:
        | profile        |
        | 2020-12        |
        | 2021-01        |
        | 2021-01-28     |
        | 2021-02        |
        | position-model |

    Scenario Outline: a booking is activated and served in profile <profile>
      Given an Ombori account on profile "<profile>"
      When Bruno books a slot in 30 minutes for 2 people
      And 31 minutes pass
      And staff call Bruno
      And staff check in Bruno
      And staff check out Bruno
      Then every webhook is accepted
      And the receiver has Bruno's position as "completed"

      Examples:
        | profile        |
        | 2020-12        |
        | 2021-01        |
        | 2021-01-28     |
        | 2021-02        |
        | position-model |

    Scenario Outline: a ticket that staff reject is rejected in profile <profile>
      Given an Ombori account on profile "<profile>"
      When Carl takes a walk-in ticket
      And staff reject Carl
      Then every webhook is accepted
      And the receiver has Carl's position as "rejected"

      Examples:
        | profile        |
        | 2020-12        |
        | 2021-01        |
        | 2021-01-28     |
        | 2021-02        |
        | position-model |

    Scenario Outline: a booking that the customer cancels is rejected in profile <profile>
      Given an Ombori account on profile "<profile>"
      When Daria books a slot in 2 hours
      And Daria cancels
      Then every webhook is accepted
      And the receiver has Daria's position as "rejected"

      Examples:
        | profile        |
        | 2020-12        |
        | 2021-01        |
        | 2021-01-28     |
        | 2021-02        |
        | position-model |

    Scenario Outline: feedback is accepted in profile <profile>
      Given an Ombori account on profile "<profile>"
      When Efua takes a walk-in ticket
      And staff call Efua
      And staff check in Efua
      And staff check out Efua
      And Efua gives feedback 4 "Helpful"
      Then every webhook is accepted
      And the receiver has Efua's position with:
        | field            | value     |
        | status           | completed |
        | feedback.rating  | 4         |
        | feedback.message | Helpful   |

      Examples:
        | profile        |
        | 2020-12        |
        | 2021-01        |
        | 2021-01-28     |
        | 2021-02        |
        | position-model |
