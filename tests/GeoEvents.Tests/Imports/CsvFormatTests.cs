using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Imports.Formats;
using GeoEvents.Imports.Mappings;
using GeoEvents.Incidents;

namespace GeoEvents.Tests.Imports;

/// <summary>All rows are made up.</summary>
public class CsvFormatTests
{
    private const string AcledHeader =
        "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,inter1,actor2,assoc_actor_2,inter2,interaction,"
        + "civilian_targeting,iso,region,country,admin1,admin2,admin3,location,latitude,longitude,geo_precision,source,source_scale,notes,fatalities,tags,timestamp";

    private const string UcdpHeader =
        "id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,conflict_name,dyad_dset_id,dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a,"
        + "side_b_dset_id,side_b_new_id,side_b,number_of_sources,source_article,source_office,source_date,source_headline,source_original,where_prec,where_coordinates,where_description,"
        + "adm_1,adm_2,latitude,longitude,geom_wkt,priogrid_gid,country,country_id,region,event_clarity,date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,"
        + "best,high,low,gwnoa,gwnob";

    private const string Small = """
        { "origin": "x", "source": { "id": "x" }, "id": "{id}", "occurred": { "from": "{day}" }, "title": "{a} → {b}", "type": "visit",
          "links": [ { "actor": { "who": "{a}" }, "recipient": { "who": "{b}" } } ] }
        """;

    [Theory]
    [InlineData("acled")]
    [InlineData("ucdp-ged")]
    public void Shipped_mappings_are_sound(string name) => MappingRules.Check(MappingEndpoints.Load(name)).ShouldBeEmpty();

    [Fact]
    public async Task A_row_in_the_columns_of_ACLED_is_an_incident()
    {
        var rows = await Reading.Rows(
            new CsvFormat(MappingEndpoints.Load("acled")),
            AcledHeader + "\r\n"
            + "AZE1,01 March 2025,2025,2,Political violence,Battles,Armed clash,Military Forces of Azerbaijan (2003-),,State forces,Military Forces of Armenia (2018-),,State forces,"
            + "State forces-State forces,,31,Caucasus,Azerbaijan,Zangilan,,,Bartaz,39.2,46.6,1,A Paper; B Radio,National,\"Shots were fired, it is said.\nNobody else saw it.\",2,,1741000000\r\n"
            + "AZE2,2025-03-02,2025,1,Demonstrations,Protests,Peaceful protest,Protesters (Azerbaijan),,Protesters,,,,Protesters only,,31,Caucasus,Azerbaijan,Baku,,,Baku,40.4,49.9,1,A Paper,National,A march.,0,,1741000000\r\n");

        Reading.Counts(rows).ShouldBe(new SortedDictionary<string, int> { ["incidents"] = 1, ["no-second-state"] = 1 });
        var draft = ((IncidentRow)rows[0]).Draft;
        (draft.Id, draft.Occurred, draft.Cameo, draft.Deaths).ShouldBe(("acled:AZE1", "2025-03-01~", "190", new Estimate(2)));
        draft.Title.ShouldBe("Military Forces of Azerbaijan (2003-) → Military Forces of Armenia (2018-): Armed clash");
        draft.Summary.ShouldBe("Shots were fired, it is said.\nNobody else saw it. (A Paper; B Radio)");
        draft.Links.Single().ShouldBe(new Link(
            ActorCode.Parse("AZE"), ActorCode.Parse("ARM"), 1, "Military Forces of Azerbaijan (2003-)", "Military Forces of Armenia (2018-)"));
        draft.Place.ShouldBe(new Place("Bartaz, Zangilan, Azerbaijan", ActorCode.Parse("AZE"), 39.2, 46.6, PlacePrecision.City));
        rows.Select(r => r.Line).ShouldBe([2, 4]);
        IncidentRules.Check(draft, Methods.Shipped, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_row_in_the_columns_of_UCDP_is_an_incident()
    {
        const string Row = "77,X-1,2020,1,Clear,1,1,1,Azerbaijan - Armenia,1,1,A - B,1,1,Government of Azerbaijan,1,1,Government of Armenia,4,,,,Headline,,2,Martuni town,,,,39.8,47.1,,1,"
            + "Azerbaijan,373,Europe,1,2,2020-10-01 00:00:00.000,2020-10-03 00:00:00.000,1,2,0,0,3,9,1,373,371";
        var rows = await Reading.Rows(new CsvFormat(MappingEndpoints.Load("ucdp-ged")), $"{UcdpHeader}\n{Row}\n{Row.Replace(",Clear,1,", ",Clear,2,")}\n");

        Reading.Counts(rows).ShouldBe(new SortedDictionary<string, int> { ["incidents"] = 1, ["not-state-based"] = 1 });
        var draft = ((IncidentRow)rows[0]).Draft;
        (draft.Id, draft.Occurred, draft.Deaths).ShouldBe(("ucdp:77", "2020-10-01/2020-10-03", new Estimate(3, 1, 9)));
        draft.Links.Single().Dyad.ToString().ShouldBe("ARM-AZE");
        draft.Reports.Single().ShouldBe(new ReportDraft("ucdp-ged", IndependentSources: 4));
    }

    [Theory]
    [InlineData("1,2025-03-01,AZE,RUS", "incidents")]
    [InlineData("1;2025-03-01;AZE;RUS", "rejected:  A row has 4 columns; this one has 1.")]
    [InlineData("1,2025-03-01,AZE", "rejected:  A row has 4 columns; this one has 3.")]
    [InlineData(",2025-03-01,AZE,RUS", "rejected: id The row has no id.")]
    [InlineData("1,1.3.2025,AZE,RUS", "rejected: day Not a date in any format of the mapping.")]
    [InlineData("1,2025-03-01,,RUS", "no-first-state")]
    [InlineData("1,2025-03-01,AZE,", "no-second-state")]
    [InlineData("1,2025-03-01,AZE,Atlantis", "not-a-state")]
    [InlineData("1,2025-03-01,AZE,31", "same-state")]
    [InlineData("#1,2025-03-01,AZE,RUS", "incidents")]
    [InlineData("\"1\"\"\",2025-03-01,AZE,RUS", "incidents")]
    public async Task Every_row_is_an_incident_skipped_or_rejected(string row, string what) =>
        Reading.Counts(await Reading.Rows(new CsvFormat(Parse(Small)), $"id,day,a,b\n\n{row}\n")).Keys.ShouldBe([what]);

    [Theory]
    [InlineData("id,day,a\n", "/title")]
    [InlineData("id,id,day,a,b\n", "two columns 'id'")]
    public async Task A_file_without_the_columns_is_refused(string file, string reason) =>
        (await Should.ThrowAsync<UnreadableFileException>(() => Reading.Rows(new CsvFormat(Parse(Small)), file))).Message.ShouldContain(reason);

    [Theory]
    [InlineData("1,2020,\"AZE,ARM\n2,2020,AZE,\"ARM\"\n")]
    [InlineData("1,2020,\"AZ\"E,ARM\n")]
    public async Task A_quotation_mark_out_of_place_is_named_with_its_line(string rows) =>
        (await Should.ThrowAsync<UnreadableFileException>(() => Reading.Rows(new CsvFormat(Parse(Small)), "id,day,a,b\n" + rows))).Message.ShouldStartWith(
            "In the row at line 2 a quotation mark stands where none can");

    [Fact]
    public async Task A_file_that_is_not_UTF_8_is_refused() =>
        await Should.ThrowAsync<UnreadableFileException>(() => Reading.Rows(new CsvFormat(Parse(Small)), [.. "id,day,a,b\n1,"u8, 0xC3, 0x28]));

    [Fact]
    public async Task A_rejected_row_is_kept_as_it_stands()
    {
        var rows = await Reading.Rows(new CsvFormat(Parse(Small)), "\uFEFFid,day,a,b\r\n\"a\nb\",yesterday,AZE,RUS\r\n2,today,AZE,RUS");

        rows.Cast<RejectedRow>().Select(r => (r.Line, System.Text.Encoding.UTF8.GetString(r.Raw.Span))).ShouldBe([(2, "\"a\nb\",yesterday,AZE,RUS"), (4, "2,today,AZE,RUS")]);
    }

    [Fact]
    public async Task A_mapping_may_have_both_a_type_and_a_CAMEO_code_as_an_incident_may()
    {
        var both = Parse(Small.Replace("\"type\": \"visit\"", "\"type\": \"visit\", \"cameo\": { \"of\": \"{code}\" }"));

        MappingRules.Check(both).ShouldBeEmpty();
        var rows = await Reading.Rows(new CsvFormat(both), "id,day,a,b,code\n1,2025-03-01,AZE,RUS,042\n2,2025-03-01,AZE,RUS,\n");
        rows[0].ShouldBeOfType<IncidentRow>().Draft.ShouldSatisfyAllConditions(d => d.Type.ShouldBe("visit"), d => d.Cameo.ShouldBe("042"));
        rows[1].ShouldBeOfType<RejectedRow>().Column.ShouldBe("code");
    }

    [Theory]
    [InlineData("\"x\"", "\"X Y\"", "/origin malformed")]
    [InlineData("\"{id}\"", "\"{id\"", "/id malformed")]
    [InlineData("\"visit\"", "\"picnic\"", "/type unknown-type")]
    [InlineData("\"visit\"", "{ \"of\": \"{a}\", \"values\": { \"k/1\": \"picnic\" } }", "/type/values/k~11 unknown-type")]
    [InlineData("\"visit\"", "{ \"of\": \"{a}\", \"table\": \"t\" }", "/type/table unknown-table")]
    [InlineData("\"{day}\" }", "\"{day}\", \"formats\": [\"YYYY-MM\"] }", "/occurred/formats/0 malformed")]
    [InlineData("{ \"who\": \"{a}\" }", "{ \"who\": { \"of\": \"{a}\", \"match\": [\"(\"] } }", "/links/0/actor/who malformed")]
    [InlineData("\"type\": \"visit\",", "", "/type required")]
    public void A_mapping_that_cannot_work_is_refused_where_it_is_wrong(string old, string changed, string problem) =>
        MappingRules.Check(Parse(Small.Replace(old, changed))).Select(p => $"{p.Pointer} {p.Code}").ShouldContain(problem);

    private static CsvMapping Parse(string json) => Body.Parse<CsvMapping>(System.Text.Encoding.UTF8.GetBytes(json));
}
