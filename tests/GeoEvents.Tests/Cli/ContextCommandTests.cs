namespace GeoEvents.Tests.Cli;

public class ContextCommandTests
{
    private const string Context =
        """
        {"dyad":"AZE-RUS","validAsOf":"2025-07-03T12:00:00Z","knownAsOf":{"position":37,"recordedAt":"2025-07-03T11:00:00Z"},
         "actors":[{"actor":"AZE","name":"Azerbaijan","kind":"state","goals":["Wider weight","[Second]"],"constraints":["Balance"],"memberOf":["OTS"],
                    "validAsOf":"2025-07-03T12:00:00Z","knownAsOf":{"position":37},"version":1},
                   {"actor":"RUS","name":"Russia","kind":"state","goals":[],"constraints":[],"memberOf":[],
                    "validAsOf":"2025-07-03T12:00:00Z","knownAsOf":{"position":37},"version":0}],
         "stakes":[{"stake":{"id":"nstc","name":"Corridor","heldBy":["AZE"],"soughtBy":["RUS","IRN"],"retired":false,"version":1},"contested":true}],
         "claims":[{"id":"c","incident":"raid","influencer":"USA","likelihood":[0.05,0.2],"likelihoodWords":"very unlikely","confidence":"low","basis":"A blog",
                    "about":{"id":"raid","standing":"retracted","incident":{"id":"raid","title":"Raid","occurred":"2025-06-27","tau":"2025-06-27T00:00:00Z","dyads":["AZE-RUS"]}},"addedLater":1}],
         "pathways":[{"id":"back","dyad":"AZE-RUS","name":"Way back","steps":[
            {"id":"s1","title":"One","state":"done","overdue":false,"proven":false,"proofs":[{"id":"gone","standing":"missing"}]},
            {"id":"s2","title":"Two","state":"under-way","due":"2025-07-01","overdue":true,"proven":false,"proofs":[]}],"next":"s2","version":2,"recordedAt":"2025-07-01T00:00:00Z"}],
         "lastCheck":{"id":"c1","from":"2025-06-01T00:00:00Z","to":"2025-07-01T00:00:00Z","searched":"wires","found":"nothing","author":"ana","madeAt":"2025-07-01T09:00:00Z"}}
        """;

    [Fact]
    public async Task A_context_is_a_page_to_read()
    {
        var shell = new Shell().Answers(Context);

        (await shell.Run("context", "rus-aze", "--valid-as-of", "2025-07-03", "--known-as-of", "37")).ShouldBe(0);

        shell.Asked.Single().Address.ShouldEndWith("/relationships/AZE-RUS/context?validAsOf=2025-07-03&knownAsOf=37");
        shell.Output.Replace("\r", "").ShouldBe(
            """
            AZE-RUS  Azerbaijan and Russia
            As of 2025-07-03 12:00Z, known at position 37 (2025-07-03 11:00Z). Nothing here enters a number.

            AZE Azerbaijan
            Wants      Wider weight; [Second]
            Held back  Balance
            Member of  OTS

            RUS Russia
            Nobody has stated what it wants.

            Posture and observation
            Assessed   by nobody
            Checked    2025-06-01 to 2025-07-01 by ana, found nothing: wires

            Stakes
            stake     held by  sought by             id
            Corridor  AZE      RUS, IRN   contested  nstc

            Influence claims
            by   likelihood     confidence  pushed            basis
            USA  very unlikely  low         Raid (retracted)  A blog

            Pathway: Way back
              done       One; its proof no longer stands
                         by gone (not on record)
            → under-way  Two (due 2025-07-01, overdue)

            """);
    }

    [Fact]
    public async Task Json_is_as_it_came_and_what_is_no_relationship_is_wrong_usage()
    {
        var shell = new Shell().Answers(Context);

        await shell.Run("context", "AZE-RUS", "--json");

        shell.Output.ShouldBe(Context + "\n");
        (await new Shell().Run("context", "AZE")).ShouldBe(2);
    }
}
