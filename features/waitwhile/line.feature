@waitwhile
Feature: Waitwhile: guests move up in the line

  @rule:line @must
  Rule: Everybody behind a guest who leaves moves up
    Why: If a guest is served, moved, cancelled or removed, each guest behind gets a new position,
    and a visit.updated says so. A receiver must apply the whole burst, in any order. Otherwise two
    guests read that they are next.
    Documented: a position that changes because others were served fires visit.updated.
    Source: https://developers.waitwhile.com/docs/webhook-response-examples
    Assumed: so does a position that changes because others left in another way; the order inside a
    burst; positions count from 1 within a location.

    Scenario: everybody behind a guest who is served moves up
      Given a Waitwhile account
      When Anita joins the waitlist
      And Bo joins the waitlist
      And Caio joins the waitlist
      And Dagmar joins the waitlist
      And 4 minutes pass
      And staff serve Anita
      Then every webhook is accepted
      And the receiver has Anita's visit as "SERVING"
      And the receiver has Bo's visit with:
        | field    | value |
        | position | 1     |
      And the receiver has Caio's visit with:
        | field    | value |
        | position | 2     |
      And the receiver has Dagmar's visit with:
        | field    | value |
        | position | 3     |
      And the receiver has Dagmar's visit as the vendor has it

    Scenario Outline: everybody behind a guest moves up when <happens>
      Given a Waitwhile account
      When Egil joins the waitlist
      And Farah joins the waitlist
      And Gaspard joins the waitlist
      And <happens>
      Then every webhook is accepted
      And the receiver has Farah's visit with:
        | field    | value   |
        | state    | WAITING |
        | position | 1       |
      And the receiver has Gaspard's visit with:
        | field    | value   |
        | state    | WAITING |
        | position | 2       |
      And the receiver has Gaspard's visit as the vendor has it

      Examples:
        | happens                             |
        | Egil cancels                        |
        | Egil does not show up               |
        | staff remove Egil from the waitlist |
        | the visit of Egil is deleted        |
        | staff delete the customer Egil      |

    Scenario: nobody in front of a guest who leaves moves
      Given a Waitwhile account
      When Hyun joins the waitlist
      And Inge joins the waitlist
      And Jovan joins the waitlist
      And Inge cancels
      Then every webhook is accepted
      And the receiver has Hyun's visit with:
        | field    | value |
        | position | 1     |
      And the receiver has Jovan's visit with:
        | field    | value |
        | position | 2     |

    Scenario: a guest who is moved to the front pushes the others back
      Given a Waitwhile account
      When Kjell joins the waitlist
      And Lupita joins the waitlist
      And Marek joins the waitlist
      And Niamh joins the waitlist
      And staff move Marek to position 1
      Then every webhook is accepted
      And the receiver has Marek's visit with:
        | field    | value |
        | position | 1     |
      And the receiver has Kjell's visit with:
        | field    | value |
        | position | 2     |
      And the receiver has Lupita's visit with:
        | field    | value |
        | position | 3     |
      And the receiver has Niamh's visit with:
        | field    | value |
        | position | 4     |

    Scenario: a guest who is moved to the end lets the others pass
      Given a Waitwhile account
      When Obinna joins the waitlist
      And Petra joins the waitlist
      And Quang joins the waitlist
      And staff move Obinna to position 3
      Then every webhook is accepted
      And the receiver has Petra's visit with:
        | field    | value |
        | position | 1     |
      And the receiver has Quang's visit with:
        | field    | value |
        | position | 2     |
      And the receiver has Obinna's visit as the vendor has it

    Scenario Outline: a burst that arrives in <order> order gives everybody the right place
      Given a Waitwhile account
      When Rosanna joins the waitlist
      And Sigurd joins the waitlist
      And Thabo joins the waitlist
      And Ulrika joins the waitlist
      And deliveries are held back
      And staff serve Rosanna
      And Sigurd cancels
      And the held webhooks are delivered in <order> order
      Then every webhook is accepted
      And the receiver has Thabo's visit with:
        | field    | value |
        | position | 1     |
      And the receiver has Ulrika's visit with:
        | field    | value |
        | position | 2     |
      And the receiver still has Rosanna's visit as "SERVING"
      And the receiver still has Sigurd's visit as "COMPLETE"

      Examples:
        | order   |
        | reverse |
        | any     |

    Scenario Outline: a whole morning that arrives in <order> order ends in the right state
      Given a Waitwhile account
      And deliveries are held back
      When Valentín joins the waitlist
      And Wenche joins the waitlist
      And Xiulan joins the waitlist
      And 5 minutes pass
      And staff serve Valentín
      And staff move Xiulan to position 1
      And 5 minutes pass
      And staff complete Valentín
      And the held webhooks are delivered in <order> order
      Then every webhook is accepted
      And the receiver has Valentín's visit as the vendor has it
      And the receiver has Wenche's visit as the vendor has it
      And the receiver has Xiulan's visit as the vendor has it

      Examples:
        | order   |
        | reverse |
        | any     |

    Scenario Outline: a burst has its effects once if every webhook <happens>
      Given a Waitwhile account
      And every visit.updated <happens>
      When Yara joins the waitlist
      And Zdeněk joins the waitlist
      And Aoife joins the waitlist
      And staff serve Yara
      Then every webhook is accepted
      And the receiver has Zdeněk's visit with:
        | field    | value   |
        | state    | WAITING |
        | position | 1       |
      And the receiver has Aoife's visit with:
        | field    | value   |
        | state    | WAITING |
        | position | 2       |

      Examples:
        | happens                                  |
        | is delivered twice                       |
        | is delivered twice at the same instant   |
        | is delivered 5 times at the same instant |

    Scenario: a lost place is repaired by the next one
      Given a Waitwhile account
      When Birk joins the waitlist
      And Consuelo joins the waitlist
      And Dorothea joins the waitlist
      And the next visit.updated of Dorothea is lost
      And Birk cancels
      And staff serve Consuelo
      Then the receiver has Dorothea's visit with:
        | field    | value |
        | position | 1     |
      And the receiver has Dorothea's visit as the vendor has it

    Scenario: an old place that arrives late is ignored as outdated
      Given a Waitwhile account
      When Emil joins the waitlist
      And Fiorella joins the waitlist
      And Gwendal joins the waitlist
      And the next visit.updated of Gwendal is delayed by 10 minutes
      And Emil cancels
      And staff serve Fiorella
      And 11 minutes pass
      Then every webhook is accepted
      And the receiver has Gwendal's visit with:
        | field    | value |
        | position | 1     |

    Scenario: an old place that arrives after its guest was served is ignored
      Given a Waitwhile account
      When Hakon joins the waitlist
      And Imke joins the waitlist
      And the next visit.updated of Imke is delayed by 10 minutes
      And Hakon cancels
      And staff serve Imke
      And 11 minutes pass
      Then every webhook is accepted
      And the receiver still has Imke's visit as "SERVING"
      And the receiver has Imke's visit as the vendor has it

    Scenario: the lines of two locations do not mix
      Given a Waitwhile account
        | setting   | value            |
        | locations | Downtown, Uptown |
      When Joséphine joins the waitlist at Downtown
      And Kenta joins the waitlist at Downtown
      And Lorcan joins the waitlist at Uptown
      And Milica joins the waitlist at Uptown
      And staff serve Joséphine
      Then every webhook is accepted
      And the receiver has Kenta's visit with:
        | field    | value |
        | position | 1     |
      And the receiver has Lorcan's visit with:
        | field    | value |
        | position | 1     |
      And the receiver has Milica's visit with:
        | field    | value |
        | position | 2     |

    Scenario: a guest who is sent to another location leaves a gap that closes
      Given a Waitwhile account
        | setting   | value            |
        | locations | Downtown, Uptown |
      When Nikolai joins the waitlist at Uptown
      And Ottoline joins the waitlist at Downtown
      And Pelle joins the waitlist at Downtown
      And staff transfer Ottoline to Uptown as "Ottoline at Uptown"
      Then every webhook is accepted
      And the receiver has Pelle's visit with:
        | field    | value |
        | position | 1     |
      And the receiver has "Ottoline at Uptown"'s visit with:
        | field    | value |
        | position | 2     |

    Scenario: a change of one guest does not change the state of any other
      Given a Waitwhile account
      When Roisin joins the waitlist
      And Stellan joins the waitlist
      And staff serve Roisin
      And staff complete Roisin
      Then every webhook is accepted
      And the receiver still has Stellan's visit as "WAITING"
