namespace GeoEvents.Tests.Cli;

public class AlertsCommandTests
{
    private const string Alert =
        """
        {"id":"crisis.AZE-RUS.3","rule":"crisis","ruleVersion":2,"dyad":"AZE-RUS","state":"resolved","severity":"critical","firedAt":"2025-07-01T12:00:00Z","endedAt":"2025-07-03T00:00:00Z",
         "acknowledgedBy":"amina","acknowledgedAt":"2025-07-01T12:05:00Z","assignee":"boris","notes":[{"text":"Called\u001b[2J Baku","by":"boris","at":"2025-07-01T13:00:00Z"}],
         "recalled":false,"amendments":0,"version":5,"title":"Crisis","headline":"Tension on AZE-RUS rose to 63.2, above 60"}
        """;

    [Fact]
    public async Task Alerts_are_listed_with_what_happened()
    {
        var shell = new Shell().Answers($$"""{"items":[{{Alert}}],"knownAsOf":9}""");

        (await shell.Run("alerts", "--state", "resolved", "--dyad", "aze-rus", "--known-as-of", "9", "--limit", "5")).ShouldBe(0);

        shell.Asked.Single().Address.ShouldEndWith("/alerts?state=resolved&dyad=AZE-RUS&knownAsOf=9&limit=5");
        shell.Output.ShouldMatch(@"(?m)^2025-07-01 12:00Z\s+critical\s+resolved\s+amina\s+crisis\.AZE-RUS\.3\s+Tension on AZE-RUS rose to 63\.2, above 60$");
    }

    [Fact]
    public async Task An_alert_is_shown_with_what_it_rests_on_and_what_was_recorded_since()
    {
        var shell = new Shell().Answers(
            $$"""
            {"alert":{{Alert}},"sentence":"Warns when tension rises.","because":"condition-ceased","receipts":[],
             "causes":[{"incident":"raid","position":10,"weight":6,"share":0.67,"about":{"id":"raid","standing":"retracted","incident":{"id":"raid","title":"Raid","occurred":"2025-06-27","tau":"2025-06-27T00:00:00Z","dyads":["AZE-RUS"]} } }],
             "facts":[{"position":12,"recordedAt":"2025-07-02T00:00:00Z","kind":"incident_logged","change":"live","incident":"note","title":"Note"}],
             "history":[],"knownAsOf":{"position":20},"shown":"as known on 3 July"}
            """);

        (await shell.Run("alerts", "show", "crisis.AZE-RUS.3")).ShouldBe(0);

        shell.Asked.Single().Address.ShouldEndWith("/alerts/crisis.AZE-RUS.3");
        shell.Output.ShouldBe(
            """
            crisis.AZE-RUS.3  Crisis: critical, resolved
            as known on 3 July

            Tension on AZE-RUS rose to 63.2, above 60.
            Fired       2025-07-01 12:00Z, resolved 2025-07-03
            Rule        crisis, version 2: Warns when tension rises.
            Seen by     amina, 2025-07-01 12:05Z
            Assigned to boris
            Note        2025-07-01 13:00Z boris: Called�[2J Baku

            It rests on
            share  impulse  occurred    incident  id    now
             67 %      6.0  2025-06-27  Raid      raid  retracted

            Recorded while it was open
            position  recorded    class  incident  id
                  12  2025-07-02  live   Note      note

            """.Replace("\r\n", "\n"));
    }

    [Fact]
    public async Task An_alert_is_acknowledged()
    {
        var shell = new Shell().Answers(Alert);

        (await shell.Run("alerts", "ack", "crisis.AZE-RUS.3", "--note", "Called Baku", "--user", "amina")).ShouldBe(0);

        var (method, address, body, user, key) = shell.Asked.Single();
        (method, body, user).ShouldBe((HttpMethod.Post, """{"note":"Called Baku"}""", "amina"));
        address.ShouldEndWith("/alerts/crisis.AZE-RUS.3/acknowledgement");
        key.ShouldNotBeNull();
        shell.Output.ShouldBe("crisis.AZE-RUS.3: seen by amina, 2025-07-01 12:05Z\n");
    }
}
