@ombori
Feature: Ombori: names and texts in every language

  @rule:text @must
  Rule: Names and texts are stored unchanged
    Why: Guests come from everywhere, and a name that is shown as question marks is an insult.
    Documented: the locales en, sv and ar, and free text in names and feedback, without a limit on
    its length.
    Source: https://ombori.atlassian.net/wiki/spaces/OAKB/pages/458620937/Position+model
    Assumed: bodies are UTF-8, as JSON is, and feedback may have two thousand characters.

    Scenario Outline: the name "<name>" is stored unchanged
      Given an Ombori account on profile "2021-02"
      When "<name>" takes a walk-in ticket
      And staff call "<name>"
      Then every webhook is accepted
      And the receiver has "<name>"'s position with:
        | field                 | value    |
        | status                | notified |
        | registrationData.name | <name>   |

      Examples:
        | name            |
        | Åsa Öberg       |
        | محمد الحربي     |
        | 李 静           |
        | नेहा शर्मा        |
        | Siobhán O'Neill |

    Scenario Outline: feedback in <language> is stored unchanged
      Given an Ombori account
      When Салтанат takes a walk-in ticket
      And staff call Салтанат
      And staff check in Салтанат
      And staff check out Салтанат
      And Салтанат gives feedback 5 "<words>"
      Then every webhook is accepted
      And the receiver has Салтанат's position with:
        | field            | value   |
        | feedback.message | <words> |

      Examples:
        | language                  | words                       |
        | Arabic with Latin between | رقم A12 في IKEA ممتاز، شكرا |
        | Japanese                  | とても親切でした            |
        | emoji                     | 👍🏽 👨‍👩‍👧 🇸🇪 ❤️            |

    Scenario: guests of an Arabic-speaking store are stored unchanged
      Given an Ombori account
        | setting | value |
        | locales | ar    |
      When محمد takes a walk-in ticket
      And staff call محمد
      And staff check in محمد
      And staff check out محمد
      And محمد gives feedback 4 "خدمة سريعة ولطيفة"
      Then every webhook is accepted
      And the receiver has محمد's position as the vendor has it

    Scenario: feedback of two thousand characters is stored in full
      Given an Ombori account
      When Ottilie takes a walk-in ticket
      And staff call Ottilie
      And staff check in Ottilie
      And staff check out Ottilie
      And Ottilie gives feedback 4 "I came at nine to return a lamp, and the machine by the door gave me a ticket at once. Eleven people were before me, which the screen said plainly, so I went to have a coffee and came back in good time. When my number was called the desk was empty, because the colleague who had called me was helping somebody to the lift, and I waited a little longer. That was no trouble at all, since she told me so herself and said sorry twice. She found the order by my telephone number, looked at the lamp, saw that a screw was missing from the box, and asked whether I would rather have the screw or the money. I took the screw. What I would change is the sign over the second door, which still points to the old desk on the upper floor, so that people go up, ask, and come down again. A text message that says how many are still before me would be better than one that says it is my turn, as it takes some minutes to walk back from the other end of the store. The chairs are too low for anybody with bad knees, and there are only six of them, although there is room for twenty along the window. My daughter liked the wall with the drawings and left one of a blue horse, with her name on it, next to the plant. Thank you to everybody at the desk, and above all to the lady with the red glasses, who remembered us from last winter when we came with the shelf that would not stand. We shall come again in spring for the garden table, and I have told my neighbours that mornings are the best time. If anybody reads this far: the clock over the exit is four minutes slow. It really is four minutes slow, and I looked at it twice. It really is four minutes slow, and I looked at it twice. It really is four minutes slow, and I looked at it twice. It really is four minutes slow, and I looked at it twice. It really is four minutes slow, and I looked at it twice. It really is four minutes slow, and I looked at it twice. It really is four minutes slow, and I looked at it twice. It really is four minutes slow, and."
      Then every webhook is accepted
      And the receiver has Ottilie's position as the vendor has it

    Scenario: feedback with quotes and backslashes is stored unchanged
      Given an Ombori account
      When Rúna takes a walk-in ticket
      And staff call Rúna
      And staff check in Rúna
      And staff check out Rúna
      And Rúna gives feedback 3 "The screen said \"C:\\queue\\A1 'not found'\"; DROP it & 100% < me"
      Then every webhook is accepted
      And the receiver has Rúna's position as the vendor has it

    Scenario: feedback with line breaks is stored unchanged
      Given an Ombori account
      And the next feedbackReceived arrives with field "data.position.feedback.message" as "First line\nSecond line"
      When Søren takes a walk-in ticket
      And staff call Søren
      And staff check in Søren
      And staff check out Søren
      And Søren gives feedback 3 "First line"
      Then the feedbackReceived of Søren is accepted
      And the receiver has Søren's position with:
        | field            | value                   |
        | feedback.message | First line\nSecond line |

    Scenario: a name is stored unchanged though nothing has followed
      Given an Ombori account on profile "2021-02"
      When "Đặng Thị Hồng" takes a walk-in ticket
      Then every webhook is accepted
      And the receiver has "Đặng Thị Hồng"'s position with:
        | field                 | value         |
        | status                | pending       |
        | registrationData.name | Đặng Thị Hồng |
