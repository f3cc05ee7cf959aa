using System.Globalization;
using System.Text.RegularExpressions;

namespace GeoEvents.Tests.Cli;

public partial class DiffCommandTests
{
    /// <summary>A retraction, a corrected death toll, decay; and two lines on other pages.</summary>
    private const string Answer =
        """
        {"dyad":"AZE-RUS",
         "from":{"validAsOf":"2025-07-01T00:00:00Z","knownAsOf":{"position":29,"recordedAt":"2025-07-01T08:00:00Z"},"method":"2026.1"},
         "to":{"validAsOf":"2025-07-10T00:00:00Z","knownAsOf":{"position":32,"recordedAt":"2025-07-10T09:30:00Z"},"method":"2026.1"},
         "before":{"hostilityFast":30.334,"cooperationFast":0,"tension":78.046,"warmth":0,"band":"crisis","rung":4,"posture":"coercion","incidents":16},
         "after":{"hostilityFast":25.224,"cooperationFast":0.1,"tension":71.706,"warmth":0.5,"band":"crisis","rung":3,"posture":"diplomatic-retaliation","incidents":15},
         "difference":{"hostilityFast":-5.11,"cooperationFast":0.1,"tension":-6.34},
         "causes":[
          {"cause":"corrected","count":2,"hostilityFast":0.206,"cooperationFast":0,"tension":0.255},
          {"cause":"retracted","count":1,"hostilityFast":-4.514,"cooperationFast":0,"tension":-5.601},
          {"cause":"happened","count":1,"hostilityFast":0,"cooperationFast":0.1,"tension":0},
          {"cause":"decay","count":1200,"hostilityFast":-0.802,"cooperationFast":0,"tension":-0.994}],
         "items":[
          {"leg":"known","cause":"retracted","id":"raid","title":"Raid \u001b[31mred [x]","occurred":"2025-06-30","hostilityFast":-4.514,"cooperationFast":0,"tension":-5.601,
           "fact":{"position":32,"recordedAt":"2025-07-10T09:30:00Z","user":"bob","kind":"incident_retracted","reason":"misread"}},
          {"leg":"valid","cause":"decay","incidents":1200,"hostilityFast":-0.802,"cooperationFast":0,"tension":-0.994},
          {"leg":"known","cause":"corrected","id":"strike","title":"Strike","occurred":"2025-06-27","hostilityFast":0.206,"cooperationFast":0,"tension":0.255,
           "fact":{"position":30,"recordedAt":"2025-07-02T10:00:00Z","user":"ada","kind":"incident_corrected","reason":"hospital count",
                   "changes":[{"field":"deaths","old":2,"new":5},{"field":"intent","new":"deliberate"}]}}],
         "rest":{"hostilityFast":0,"cooperationFast":0.1,"tension":0},"next":"abc"}
        """;

    [Fact]
    public async Task What_changed_is_shown_by_cause_and_by_change_and_every_column_adds_up_as_printed()
    {
        var shell = new Shell().Answers(Answer);

        (await shell.Run("diff", "rus-aze", "--from-valid-as-of", "2025-07-01", "--from-known-as-of", "29", "--valid-as-of", "2025-07-10")).ShouldBe(0, shell.Error);

        shell.Asked.Single().Address.ShouldEndWith("/relationships/AZE-RUS/diff?fromValidAsOf=2025-07-01&fromKnownAsOf=29&validAsOf=2025-07-10&limit=20");
        shell.Output.ShouldContain("From  2025-07-01, known at position 29 (2025-07-01 08:00Z), method 2026.1");
        shell.Output.ShouldContain("Posture    4 coercion → 3 diplomatic-retaliation");
        shell.Output.ShouldContain("Band       crisis, as before");
        shell.Output.ShouldContain("deaths: 2 → 5; intent: none → deliberate; because: hospital count; recorded 2025-07-02 10:00Z by ada");
        shell.Output.ShouldContain("because: misread; recorded 2025-07-10 09:30Z by bob");
        shell.Output.ShouldContain("1,200 incidents");
        shell.Output.ShouldContain("2 on other pages");
        shell.Output.ShouldContain("More: --after abc");
        shell.Output.ShouldNotContain("\u001b");

        var tables = shell.Output.Split("By cause")[1].Split("The changes");
        tables.Length.ShouldBe(2);
        foreach (var table in tables)
        {
            var rows = Row().Matches(table).Select(m => m.Groups.Values.Skip(1).Select(g => decimal.Parse(g.Value, NumberStyles.Float, CultureInfo.InvariantCulture)).ToArray()).ToList();
            rows.Count.ShouldBeGreaterThan(3);
            for (var column = 0; column < 3; column++)
            {
                rows.Take(rows.Count - 1).Sum(r => r[column]).ShouldBe(rows[^1][column]);
            }

            rows[^1].ShouldBe([-6.34m, -5.11m, 0.10m]);
        }
    }

    [Fact]
    public async Task Json_is_one_document_as_it_came_with_the_page_size_of_the_service()
    {
        var shell = new Shell().Answers(Answer);

        (await shell.Run("diff", "AZE-RUS", "--from-method", "2026.1", "--json")).ShouldBe(0, shell.Error);

        shell.Output.ShouldBe(Answer + "\n");
        shell.Asked.Single().Address.ShouldEndWith("/relationships/AZE-RUS/diff?fromMethod=2026.1");
    }

    [Fact]
    public async Task A_further_page_needs_its_cursor_alone()
    {
        var shell = new Shell().Answers(Answer);

        (await shell.Run("diff", "AZE-RUS", "--after", "abc", "--limit", "3")).ShouldBe(0, shell.Error);

        shell.Asked.Single().Address.ShouldEndWith("/relationships/AZE-RUS/diff?limit=3&after=abc");
    }

    [Fact]
    public async Task Where_nothing_changed_it_says_so()
    {
        const string State = """{"hostilityFast":0,"cooperationFast":0,"tension":0,"warmth":0,"band":"quiet","rung":0,"posture":"normal","incidents":0}""";
        const string Point = """{"validAsOf":"2025-07-01T00:00:00Z","knownAsOf":{"position":0},"method":"2026.1"}""";
        var shell = new Shell().Answers(
            $$"""{"dyad":"AZE-RUS","from":{{Point}},"to":{{Point}},"before":{{State}},"after":{{State}},"difference":{ },"causes":[],"items":[],"rest":{ } }""");

        (await shell.Run("diff", "AZE-RUS", "--from-known-as-of", "0")).ShouldBe(0, shell.Error);

        shell.Output.ShouldEndWith("Nothing changed between the two.\n");
    }

    /// <summary>The three numbers that a line of a table begins with.</summary>
    [GeneratedRegex(@"^ *([+-]?\d+\.\d\d) +([+-]?\d+\.\d\d) +([+-]?\d+\.\d\d) ", RegexOptions.Multiline)]
    private static partial Regex Row();
}
