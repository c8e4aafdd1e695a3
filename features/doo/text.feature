@doo
Feature: doo: names and texts in every language

  @rule:text @must
  Rule: Names and texts are stored unchanged
    Why: A name that is printed on a badge as question marks is an insult.
    Documented: names, titles and comments are strings and not empty; no maximum length is given.
    Source: https://github.com/viovendi/doo-api-gateway/blob/cca35f06c8fe3947e51d5b148203a22f65123316/doo-swagger.json
    Assumed: bodies are UTF-8, as JSON is; a title may have some hundred characters, and a comment
    two thousand.

    Scenario Outline: the name "<name>" is stored unchanged
      Given a doo account
      When "<name>" books a ticket
      Then every webhook is accepted
      And the receiver has "<name>"'s order as the vendor has it
      And the receiver has "<name>"'s attendee as the vendor has it

      Examples:
        | name        |
        | Åsa Öberg   |
        | محمد الحربي |
        | 李 静       |

    Scenario Outline: a name that is corrected to <language> replaces the old one
      Given a doo account
      When Agnesa books a ticket
      And Agnesa corrects the name to "<name>"
      Then every webhook is accepted
      And the receiver has Agnesa's order as the vendor has it

      Examples:
        | language          | name                                |
        | letters and emoji | Agnesa 👩🏽‍🚀 O'Hara                |
        | quotes and signs  | Agnesa \\"C:\\\\x\\" & <b>Zoon</b>; |

    Scenario Outline: an event with a title in <language> is stored unchanged
      Given a doo account
      When the organizer renames Summit to "<title>"
      Then every webhook is accepted
      And the receiver has Summit's event with:
        | field | value   |
        | title | <title> |

      Examples:
        | language                  | title                         |
        | Arabic with Latin between | معرض Robotics 2031 في القاهرة |
        | emoji                     | 👍🏽 👨‍👩‍👧 🇸🇪 ❤️              |

    Scenario: a title of some hundred characters is stored in full
      Given a doo account
      When the organizer renames Summit to "The third annual summit of everybody who has ever built, repaired, insured, rented out, driven, or merely been in the way of a robot on the quays, in the halls and on the roofs between the old harbour and the new one, with an exhibition of what went wrong, a market for spare parts, and a supper for all who stay until the end"
      Then every webhook is accepted
      And the receiver has Summit's event as the vendor has it

    Scenario: a comment of two thousand characters does not prevent an approval
      Given a doo account
        | setting  | value |
        | prices   | free  |
        | approval | on    |
      And the next order_updated arrives with field "order_details.organizer_comment" as "Asked on the telephone whether she comes alone. She does not know yet, since her colleague has to see to a pump first, which has stood still twice this week. Wants a chair near the door, and nothing with nuts. Asked on the telephone whether she comes alone. She does not know yet, since her colleague has to see to a pump first, which has stood still twice this week. Wants a chair near the door, and nothing with nuts. Asked on the telephone whether she comes alone. She does not know yet, since her colleague has to see to a pump first, which has stood still twice this week. Wants a chair near the door, and nothing with nuts. Asked on the telephone whether she comes alone. She does not know yet, since her colleague has to see to a pump first, which has stood still twice this week. Wants a chair near the door, and nothing with nuts. Asked on the telephone whether she comes alone. She does not know yet, since her colleague has to see to a pump first, which has stood still twice this week. Wants a chair near the door, and nothing with nuts. Asked on the telephone whether she comes alone. She does not know yet, since her colleague has to see to a pump first, which has stood still twice this week. Wants a chair near the door, and nothing with nuts. Asked on the telephone whether she comes alone. She does not know yet, since her colleague has to see to a pump first, which has stood still twice this week. Wants a chair near the door, and nothing with nuts. Asked on the telephone whether she comes alone. She does not know yet, since her colleague has to see to a pump first, which has stood still twice this week. Wants a chair near the door, and nothing with nuts. Asked on the telephone whether she comes alone. She does not know yet, since her colleague has to see to a pump first, which has stood still twice this week. Wants a chair near the door, and nothing with nuts. Asked on the telephone whether she comes alone. She does not know yet, since her colleague has to see to a pum"
      When Cornélia books a ticket
      And the organizer approves Cornélia
      Then every webhook is accepted
      And the receiver has Cornélia's order as the vendor has it
