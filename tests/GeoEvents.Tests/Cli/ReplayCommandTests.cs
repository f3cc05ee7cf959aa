using System.Net;

namespace GeoEvents.Tests.Cli;

public class ReplayCommandTests
{
    private const string End = """{"end":true,"steps":2,"last":2}""";

    [Fact]
    public async Task Steps_are_lines_with_the_tension_so_far_and_a_sum_at_the_end()
    {
        var shell = new Shell().Streams($"{Step(1, "Note", 0, 12.5, 0, 2)}\n{Step(2, "Raid [red] \\u001b[31m", 11.2, 45.3, 2, 4)}\n{End}\n", "application/x-ndjson");

        (await shell.Run("replay", "aze-rus", "--from", "2025-01-01", "--pace", "86400")).ShouldBe(0, shell.Error);

        shell.Asked.Single().Address.ShouldEndWith("/api/v1/main/relationships/AZE-RUS/replay?clock=occurred&from=2025-01-01&pace=86400");
        var lines = shell.Output.Split('\n');
        lines[0].ShouldBe("2025-07-01            live             0.0 →  12.5   +12.5  friction  rung 0→2  █                         Note");
        lines[1].ShouldBe("2025-07-02            live            11.2 →  45.3   +34.1  tense     rung 2→4  ▃█                        Raid [red] \uFFFD[31m");
        lines[3].ShouldBe("2 steps; tension was highest on 2025-07-02: 45.3 tense, 75 % by AZE, with \"Raid [red] \uFFFD[31m\"");
    }

    [Fact]
    public async Task Json_is_passed_through_line_by_line()
    {
        var stream = $"{Step(1, "Note", 0, 12.5, 0, 2)}\n{End}\n";
        var shell = new Shell().Streams(stream, "application/x-ndjson");

        (await shell.Run("replay", "AZE-RUS", "--clock", "known", "--after", "7", "--known-as-of", "9", "--method", "2026.1", "--json")).ShouldBe(0, shell.Error);

        shell.Asked.Single().Address.ShouldEndWith("/replay?clock=known&after=7&knownAsOf=9&method=2026.1");
        shell.Output.ShouldBe(stream);
    }

    [Fact]
    public async Task A_stream_that_breaks_off_says_how_to_go_on()
    {
        var shell = new Shell().Streams($"{Step(1, "Note", 0, 12.5, 0, 2)}\n", "application/x-ndjson");

        (await shell.Run("replay", "AZE-RUS", "--to", "2025-08-01")).ShouldBe(4);

        shell.Error.ShouldBe(
            "The service ended the playback before its end.\nTo go on: geoevents replay --after 1 --known-as-of 30 AZE-RUS --to 2025-08-01\n");
    }

    [Fact]
    public async Task Interrupted_it_says_how_to_go_on()
    {
        var shell = new Shell().Streams(new InterruptedStream($"{Step(1, "Note", 0, 12.5, 0, 2)}\n"), "application/x-ndjson");

        (await shell.Run("replay", "AZE-RUS", "--clock", "known", "--pace", "60")).ShouldBe(130);

        shell.Error.ShouldBe("Paused after step 1. To go on: geoevents replay --after 1 AZE-RUS --clock known --pace 60\n");
    }

    [Fact]
    public async Task Nothing_to_play_is_said()
    {
        var shell = new Shell().Streams("""{"end":true,"steps":0}""", "application/x-ndjson");

        (await shell.Run("replay", "AZE-RUS")).ShouldBe(0, shell.Error);

        shell.Output.ShouldBe("AZE-RUS has nothing to play in that stretch of the record.\n");
    }

    [Fact]
    public async Task A_refusal_names_the_parameter()
    {
        var shell = new Shell().Answers(
            """
            {"type":"urn:x","title":"The request is wrong.","detail":"Not a date.","status":400,"errors":[{"parameter":"from","code":"malformed","detail":"Not a date."}]}
            """, HttpStatusCode.BadRequest);

        (await shell.Run("replay", "AZE-RUS", "--from", "then")).ShouldBe(1);

        shell.Error.ShouldBe("The request is wrong.\n  from: Not a date.\n");
    }

    [Theory]
    [InlineData("replay", "AZE-AZE")]
    [InlineData("replay", "AZE-RUS", "--clock", "reported")]
    [InlineData("replay", "AZE-RUS", "--after", "last")]
    [InlineData("replay", "AZE-RUS", "--pace", "fast")]
    public async Task Wrong_usage_ends_with_2_and_asks_nobody(params string[] args)
    {
        var shell = new Shell();

        (await shell.Run(args)).ShouldBe(2);

        shell.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Help_says_why_the_clock_is_the_worlds()
    {
        var shell = new Shell();

        (await shell.Run("replay", "--help")).ShouldBe(0);

        shell.Output.ShouldContain("recorded all at once");
        shell.Output.ShouldContain("  geoevents replay AZE-RUS\n");
    }

    private static string Step(int number, string title, double before, double after, int rungBefore, int rung) =>
        $$"""
        {"step":{{number}},"position":{{number}},"recordedAt":"2025-07-03T00:00:00Z","at":"2025-07-0{{number}}T00:00:00Z","knownAsOf":30,"kind":"incident_logged","changeClass":"live","incident":"i{{number}}","version":1,"title":"{{title}}","occurred":"2025-07-01","actedBy":["AZE"],"before":{{State(before, rungBefore)}},"after":{{State(after, rung)}}}
        """;

    private static string State(double tension, int rung) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $$"""{"hostilityFast":{{tension / 4}},"hostilitySlow":0,"cooperationFast":0,"tension":{{tension}},"warmth":0,"band":"{{(tension < 10 ? "quiet" : tension < 25 ? "friction" : "tense")}}","asymmetry":0.5,"pressure":1,"materialShare":0,"rung":{{rung}},"incidents":1}""");

    /// <summary>Somebody presses Ctrl+C when it has been read to its end.</summary>
    private sealed class InterruptedStream(string text) : MemoryStream(System.Text.Encoding.UTF8.GetBytes(text))
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position < Length ? base.ReadAsync(buffer, cancellationToken) : throw new OperationCanceledException();
    }
}
