using System.Net;

namespace GeoEvents.Tests.Cli;

public class RuleCommandTests
{
    private const string Rule =
        """
        {"id":"crisis","title":"Crisis","sentence":"Warns when hostility on AZE-RUS comes at 5 times its slow pace or more.","enabled":1,"enabledAt":"2025-07-01T09:00:00Z","latest":2,
         "rule":{"id":"crisis","title":"Crisis","scope":{"dyads":["AZE-RUS"]},"when":{"kind":"pressure","above":4},"severity":"warning","holdHours":0,"cooldownHours":0,"maxAgeHours":72},
         "versions":[
          {"number":1,"sentence":"Warns at 5.","rule":{"when":{"kind":"pressure","above":5}},"writtenAt":"2025-07-01T08:00:00Z"},
          {"number":2,"sentence":"Warns at 4.","rule":{"when":{"kind":"pressure","above":4}},"reason":"too late","writtenAt":"2025-07-02T08:00:00Z"}],
         "version":3}
        """;

    private const string Stands = "crisis: version 1 watches since 2025-07-01 09:00Z; version 2 does not\nWarns when hostility on AZE-RUS comes at 5 times its slow pace or more.\n";

    [Fact]
    public async Task Rules_are_listed_in_words()
    {
        var shell = new Shell().Answers(
            """{"items":[{"id":"crisis","title":"Crisis","sentence":"Warns at 5.","severity":"warning","scope":{"all":true},"enabled":1,"latest":2,"version":3},{"id":"quiet","title":"Quiet","sentence":"Informs.","severity":"info","scope":{},"latest":1,"version":1}],"knownAsOf":9,"next":"abc"}""");

        (await shell.Run("rule", "list", "--dyad", "aze-rus", "--enabled")).ShouldBe(0);

        shell.Asked.Single().Address.ShouldEndWith("/rules?dyad=AZE-RUS&enabled=true");
        shell.Output.ShouldMatch(@"(?m)^crisis\s+version 1 of 2\s+warning\s+Warns at 5\.$");
        shell.Output.ShouldMatch(@"(?m)^quiet\s+no\s+info\s+Informs\.$");
        shell.Output.ShouldEndWith("More: --after abc\n");
    }

    [Fact]
    public async Task A_rule_is_shown_with_its_versions_and_as_it_is_written()
    {
        var shell = new Shell().Answers(Rule);

        (await shell.Run("rule", "show", "crisis")).ShouldBe(0);

        shell.Output.ShouldStartWith("crisis  Crisis: version 1 watches since 2025-07-01 09:00Z; version 2 does not\nVersion 1, 2025-07-01 08:00Z: Warns at 5.\nVersion 2, 2025-07-02 08:00Z (too late): Warns at 4.\n");
        shell.Output.ShouldContain("    \"kind\": \"pressure\",\n    \"above\": 4\n");
    }

    [Fact]
    public async Task What_is_wrong_with_a_rule_that_is_tested_is_named_by_its_place_in_the_file()
    {
        var shell = new Shell { Input = """{"id":"crisis"}""" }.Answers(
            """{"title":"The request is wrong.","detail":"Blank.","errors":[{"pointer":"/rule/title","code":"required","detail":"Blank."},{"pointer":"/to","code":"out-of-range","detail":"It ends in the future."}]}""",
            HttpStatusCode.BadRequest);

        (await shell.Run("rule", "test", "-")).ShouldNotBe(0);

        shell.Error.ShouldContain("  /title: Blank.");
        shell.Error.ShouldContain("  /to: It ends in the future.");
    }

    [Fact]
    public async Task A_rule_is_added_from_a_file_and_enabled()
    {
        var shell = new Shell { Input = """{"id":"crisis"}""" }.Answers(Rule, HttpStatusCode.Created).Answers(Rule);

        (await shell.Run("rule", "add", "-", "--enable", "--confirm", "--user", "ada")).ShouldBe(0);

        shell.Asked.Select(a => $"{a.Address.Split("/main/")[1]} {a.Body} {a.User}").ShouldBe(["rules {\"id\":\"crisis\"} ada", "rules/crisis/enablement {\"confirm\":true} ada"]);
        shell.Output.ShouldBe(Stands);
    }

    [Theory]
    [InlineData("enable crisis --version-number 2", "enablement", """{"version":2,"confirm":false}""")]
    [InlineData("disable crisis --reason noisy", "disablement", """{"reason":"noisy"}""")]
    public async Task A_rule_is_enabled_and_disabled(string words, string address, string body)
    {
        var shell = new Shell().Answers(Rule);

        (await shell.Run(["rule", .. words.Split(' ')])).ShouldBe(0);

        shell.Asked.Single().Address.ShouldEndWith($"/rules/crisis/{address}");
        shell.Asked.Single().Body.ShouldBe(body);
        shell.Output.ShouldBe(Stands);
    }

    [Fact]
    public async Task Ready_made_rules_are_listed()
    {
        var shell = new Shell().Answers("""{"items":[{"id":"crisis","title":"Crisis","sentence":"Warns at 5.","rule":{"id":"crisis"}}]}""");

        (await shell.Run("rule", "ready-made")).ShouldBe(0);

        shell.Output.ShouldMatch(@"(?m)^crisis\s+Crisis\s+Warns at 5\.$");
    }

    [Fact]
    public async Task A_rule_over_its_budget_is_told_so()
    {
        var shell = new Shell().Answers(
            """{"type":"urn:geoevents:problem:over-budget","title":"The record does not allow it.","status":409,"detail":"It had 7 alerts.","errors":[{"pointer":"/confirm","code":"over-budget","detail":"Send confirm: true."}]}""",
            HttpStatusCode.Conflict);

        (await shell.Run("rule", "enable", "crisis")).ShouldBe(1);

        shell.Error.ShouldBe("It had 7 alerts.\n  /confirm: Send confirm: true.\n");
    }
}
