using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Imports;

/// <summary>Loads a sample case that ships with the service, with the ready-made rules, before the service listens. Loading it again changes nothing.</summary>
/// <remarks>The rules come after the case, so that they watch what is recorded from then on.</remarks>
public sealed class SampleLoader(string sample, string workspace, ImportRunner runner, Recorder recorder, TimeProvider clock, ILogger<SampleLoader> logger) : IHostedService
{
    public const string DefaultWorkspace = "main";

    private const string User = "sample";

    public static IReadOnlyList<string> Samples { get; } = ["south-caucasus"];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var file = EmbeddedData.Open($"{sample}.json");
        var import = new Import
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            Format = "case",
            Name = $"{sample}.json",
            User = User,
            CreatedAt = Microseconds.Floor(clock.GetUtcNow()),
        }.Begin(clock.GetUtcNow());
        var loaded = await runner.Run(import, workspace, file, turn: null, cancellationToken);
        var call = new Call(workspace, User, null, null);
        await Task.WhenAll(ReadyMadeRules.All.Select(rule => recorder.Record(new TakeReadyMadeRule(call, rule), cancellationToken)));
        logger.LogInformation("Sample {Sample}: {Taken} incidents taken, {Known} known.", sample, loaded.Taken, loaded.Known);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
