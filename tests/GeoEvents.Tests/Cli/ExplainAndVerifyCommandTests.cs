namespace GeoEvents.Tests.Cli;

public sealed class ExplainAndVerifyCommandTests : IDisposable
{
    private const string Explanation =
        """
        {"dyad":"AZE-RUS","validAsOf":"2025-07-02T00:00:00Z","knownAsOf":{"position":29,"recordedAt":"2025-07-02T08:00:00Z"},"method":"2026.1",
         "shown":"As of 2 July 2025, 00:00 UTC, as known on 2 July 2025, 08:00 UTC (position 29), by method 2026.1.","tension":80,"incidents":3,
         "items":[{"id":"raid","title":"Raid \u001b[31m[x]","occurred":"2025-06-27","tau":"2025-06-27T01:00:00Z","type":"raid","phi":20,"share":60,"tensionWithout":30,"marginal":50}],
         "rest":20,
         "rollUps":{"direction":{"RUS→AZE":60,"AZE→RUS":20},"quad":{"material-conflict":80},"type":{"raid":80},"issue":{"a":20,"b":10,"c":10,"d":10,"e":10,"f":5,"g":5,"h":5,"i":3,"(none)":2},"source":{"wire":80}},
         "next":"abc"}
        """;

    private const string Robustness =
        """
        {"dyad":"AZE-RUS","validAsOf":"2025-07-02T00:00:00Z","knownAsOf":{"position":29},"method":"2026.1","shown":"x","tension":80,"rung":4,
         "statement":"Tension depends on one source, wire, for 38 %.","incidents":3,"examined":3,
         "sources":[{"name":"wire","tensionWithout":49.6,"dependence":0.38,"rungWithout":3,"incidents":2},{"name":"b","tensionWithout":70,"dependence":0.125,"rungWithout":4,"incidents":1},
                    {"name":"c","tensionWithout":80,"dependence":0,"rungWithout":4,"incidents":1},{"name":"fourth","tensionWithout":80,"dependence":0,"rungWithout":4,"incidents":1}],
         "groups":[{"name":"AZE-state","tensionWithout":40,"dependence":0.5,"rungWithout":3,"incidents":2}],"sides":[{"name":"AZE","tensionWithout":20,"dependence":0.75,"rungWithout":2,"incidents":2}]}
        """;

    private static readonly string Hash = new('a', 64);

    private readonly string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(file);

    [Fact]
    public async Task Tension_is_taken_apart_and_every_table_says_its_share()
    {
        var shell = new Shell().Answers(Explanation).Answers(Robustness);

        (await shell.Run("explain", "rus-aze", "--valid-as-of", "2025-07-02", "--mode", "as-it-looked-then")).ShouldBe(0, shell.Error);

        shell.Asked[0].Address.ShouldEndWith("/relationships/AZE-RUS/contributions?validAsOf=2025-07-02&mode=as-it-looked-then&limit=10");
        shell.Asked[1].Address.ShouldEndWith("/relationships/AZE-RUS/robustness?validAsOf=2025-07-02T00%3A00%3A00Z&knownAsOf=29&method=2026.1");
        shell.Output.ShouldContain("why tension is 80.00");
        shell.Output.ShouldContain("as known on 2 July 2025, 08:00 UTC (position 29)");
        shell.Output.ShouldMatch(@"RUS→AZE\s+60\.00\s+75 %");
        shell.Output.ShouldMatch(@"2 others\s+5\.00\s+6 %");
        shell.Output.ShouldMatch(@"60\.00\s+30\.00\s+2025-06-27\s+Raid .*raid");
        shell.Output.ShouldMatch(@"20\.00\s+2 others");
        shell.Output.ShouldMatch(@"80\.00\s+together");
        shell.Output.ShouldContain("More: --after abc");
        shell.Output.ShouldContain("Tension depends on one source, wire, for 38 %.");
        shell.Output.ShouldMatch(@"source wire\s+49\.6\s+38 %\s+3\s+2");
        shell.Output.ShouldMatch(@"media of AZE\s+20\.0\s+75 %\s+2\s+2");
        shell.Output.ShouldNotContain("fourth");
        shell.Output.ShouldNotContain("\u001b");
    }

    [Fact]
    public async Task Without_hostility_there_is_nothing_to_take_apart()
    {
        var shell = new Shell().Answers(Explanation.Replace("\"tension\":80", "\"tension\":0").Replace("\"incidents\":3", "\"incidents\":0")).Answers(Robustness);

        (await shell.Run("explain", "AZE-RUS")).ShouldBe(0, shell.Error);
        shell.Output.ShouldContain("Nothing is on record at that point.");
    }

    [Fact]
    public async Task What_is_no_relationship_is_not_explained() => (await new Shell().Run("explain", "AZE")).ShouldBe(2);

    [Fact]
    public async Task An_intact_log_is_said_to_be_so_and_its_head_is_saved()
    {
        var shell = new Shell().Answers($$"""{"intact":true,"facts":31,"hash":"{{Hash}}","faults":[]}""");

        (await shell.Run("verify", "--save-head", file)).ShouldBe(0, shell.Error);
        shell.Output.ShouldContain("is intact: 31 facts.");
        shell.Output.ShouldContain($"Head: 31:{Hash}");
        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldBe($"31:{Hash}\n");

        var again = new Shell().Answers($$"""{"intact":true,"facts":40,"hash":"{{Hash}}","faults":[]}""");
        (await again.Run("verify", "--head", file)).ShouldBe(0, again.Error);
        again.Asked.Single().Address.ShouldEndWith($"/log/verification?head=31%3A{Hash}");
        again.Output.ShouldContain("the head which was kept");

        var over = new Shell();
        (await over.Run("verify", "--save-head", file)).ShouldBe(2, "it may be the one that is to be kept");
        over.Asked.ShouldBeEmpty();
        (await new Shell().Answers($$"""{"intact":true,"facts":40,"hash":"{{Hash}}","faults":[]}""").Run("verify", "--save-head", file, "--force")).ShouldBe(0);
        (await new Shell().Run("verify", "--head", $"{file}.none")).ShouldBe(2, "neither a head nor a file");
    }

    [Fact]
    public async Task A_workspace_without_a_record_is_not_found_rather_than_intact()
    {
        var shell = new Shell().Answers($$"""{"intact":true,"facts":0,"hash":"{{new string('0', 64)}}","faults":[]}""");

        (await shell.Run("verify", "-w", "mian")).ShouldBe(5);
        shell.Error.ShouldContain("Workspace mian has no record.");
    }

    [Fact]
    public async Task A_log_that_is_not_as_it_was_recorded_is_told_by_what_is_wrong_and_by_the_exit_code()
    {
        var shell = new Shell().Answers(
            $$"""{"intact":false,"facts":31,"hash":"{{Hash}}","faults":[{"kind":"altered","position":7,"stream":"incident/raid","detail":"The fact is not the one that was recorded."}]}""");

        (await shell.Run("verify", "--save-head", $"{file}.none")).ShouldBe(6);
        shell.Output.ShouldContain("NOT as it was recorded");
        shell.Output.ShouldMatch(@"7\s+altered\s+incident/raid");
        File.Exists($"{file}.none").ShouldBeFalse();
    }
}
