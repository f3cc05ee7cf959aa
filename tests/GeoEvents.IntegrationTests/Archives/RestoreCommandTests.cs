using GeoEvents.IntegrationTests.Durability;

namespace GeoEvents.IntegrationTests.Archives;

public class RestoreCommandTests(GeoEventsHost host)
{
    private readonly Workspace workspace = host.NewWorkspace();

    [Fact]
    public async Task An_archive_anywhere_on_the_machine_is_restored_into_the_workspace_that_is_named_and_no_other()
    {
        await workspace.Log(Example.Incident("a"));
        var archive = (await workspace.Get("log/archive")).ShouldBe(200).Text;
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, archive, TestContext.Current.CancellationToken);
        var copy = host.NewWorkspace();

        (await ServiceVerb.Run(host.Service.Database, "restore", path, "--workspace", copy.Name)).ShouldBe((0, $"Workspace {copy.Name} was restored: 1 facts."));
        (await copy.Get("log/archive")).Text.ShouldBe(archive);
        (await ServiceVerb.Run(host.Service.Database, "restore", path, "--workspace", copy.Name)).Code.ShouldBe(1, "it has a record by now");
        foreach (var args in (string[][])[["restore"], ["restore", path, "--workspce", copy.Name], ["restore", path, "--workspace", copy.Name, "more"], ["restore", path, "--workspace", "No Name"]])
        {
            (await ServiceVerb.Run(host.Service.Database, args)).ShouldBe((1, ""));
        }

        File.Delete(path);
    }
}
