@waitwhile
Feature: Waitwhile: the status of a location

  @rule:location-status @should
  Rule: A location shows its latest numbers
    Why: A screen at the door shows how many guests are waiting. An outdated number sends guests
    away from an empty room.
    Documented: location-status.updated is sent when the status of a location changes, for example
    the number of waiting guests.
    Source: https://developers.waitwhile.com/reference/webhooks-2
    Assumed: because no example is known: `before` and `after` as in visit.updated, field names as
    in the API, and that `updated` shows which status is newer.

    Scenario: a location counts the guests who wait and who are served
      Given a Waitwhile account
        | setting   | value            |
        | locations | Downtown, Uptown |
      When Agata joins the waitlist at Downtown with a party of 2
      And Balthasar joins the waitlist at Downtown
      And Clotilde joins the waitlist at Downtown
      And staff serve Agata
      Then every webhook is accepted
      And the receiver has Downtown's location with:
        | field      | value |
        | numWaiting | 2     |
        | numServing | 1     |

    Scenario: an empty location counts nobody
      Given a Waitwhile account
        | setting   | value            |
        | locations | Downtown, Uptown |
      When Dietlind joins the waitlist at Downtown
      And Evander joins the waitlist at Downtown
      And Dietlind cancels
      And staff serve Evander
      And staff complete Evander
      Then every webhook is accepted
      And the receiver has Downtown's location with:
        | field      | value |
        | numWaiting | 0     |
        | numServing | 0     |

    Scenario: a location is closed and opened again
      Given a Waitwhile account
        | setting   | value            |
        | locations | Downtown, Uptown |
      When staff close Downtown
      Then the receiver has Downtown's location with:
        | field         | value |
        | isForceClosed | true  |
      When staff open Downtown
      Then every webhook is accepted
      And the receiver has Downtown's location with:
        | field         | value |
        | isForceClosed | false |

    Scenario: staff can still add guests to a closed location
      Given a Waitwhile account
        | setting   | value            |
        | locations | Downtown, Uptown |
      When staff close Uptown
      And staff add Fenja to the waitlist at Uptown
      Then every webhook is accepted
      And the receiver has Uptown's location with:
        | field         | value |
        | isForceClosed | true  |
        | numWaiting    | 1     |
      And the receiver has Fenja's visit as "WAITING"

    Scenario: two locations are counted apart
      Given a Waitwhile account
        | setting   | value            |
        | locations | Downtown, Uptown |
      When Georgios joins the waitlist at Downtown
      And Henrike joins the waitlist at Downtown
      And Ignatius joins the waitlist at Uptown
      Then every webhook is accepted
      And the receiver has Downtown's location with:
        | field      | value |
        | numWaiting | 2     |
      And the receiver has Uptown's location with:
        | field      | value |
        | numWaiting | 1     |

    Scenario: an old number that arrives late is ignored as outdated
      Given a Waitwhile account
        | setting   | value            |
        | locations | Downtown, Uptown |
      And the next location-status.updated is delayed by 10 minutes
      When Jadwiga joins the waitlist at Downtown
      And Kornel joins the waitlist at Downtown
      And 11 minutes pass
      Then every webhook is accepted
      And the receiver has Downtown's location with:
        | field      | value |
        | numWaiting | 2     |

    Scenario Outline: the numbers of a morning may arrive in <order> order
      Given a Waitwhile account
        | setting   | value            |
        | locations | Downtown, Uptown |
      And deliveries are held back
      When Liselotte joins the waitlist at Downtown
      And Matteo joins the waitlist at Downtown
      And staff close Downtown
      And staff serve Liselotte
      And Matteo cancels
      And staff open Downtown
      And the held webhooks are delivered in <order> order
      Then every webhook is accepted
      And the receiver has Downtown's location with:
        | field         | value |
        | numWaiting    | 0     |
        | numServing    | 1     |
        | isForceClosed | false |

      Examples:
        | order   |
        | reverse |
        | any     |

    Scenario: numbers that arrive twice are not added up
      Given a Waitwhile account
        | setting   | value            |
        | locations | Downtown, Uptown |
      And every location-status.updated is delivered twice at the same instant
      When Nanette joins the waitlist at Downtown
      And Onésime joins the waitlist at Downtown
      And staff serve Nanette
      Then no answer is a server error
      And the receiver has Downtown's location with:
        | field      | value |
        | numWaiting | 1     |
        | numServing | 1     |

    Scenario: lost numbers are repaired by the next ones
      Given a Waitwhile account
        | setting   | value            |
        | locations | Downtown, Uptown |
      And the next location-status.updated is lost
      When Pia joins the waitlist at Downtown
      And Ruben joins the waitlist at Downtown
      Then the location-status.updated of Downtown is accepted
      And the receiver has Downtown's location as the vendor has it
