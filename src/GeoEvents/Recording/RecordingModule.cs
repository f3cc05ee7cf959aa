using GeoEvents.Hosting;
using JasperFx.Events;
using JasperFx.MultiTenancy;
using Marten;
using Weasel.Core;

namespace GeoEvents.Recording;

/// <summary>What the event store has to know of the log.</summary>
public static class RecordingModule
{
    public static void AddRecord(this StoreOptions store)
    {
        store.DatabaseSchemaName = "geo";
        // "AsInteger" only keeps Marten from adding a converter of its own: each enum of ours says how it is written.
        store.UseSystemTextJsonForSerialization(EnumStorage.AsInteger, Casing.CamelCase, json => GeoJson.Configure(json));
        store.Events.StreamIdentity = StreamIdentity.AsGuid;
        store.Events.TenancyStyle = TenancyStyle.Conjoined;
        store.Policies.AllDocumentsAreMultiTenanted();
        store.Events.AppendMode = EventAppendMode.QuickWithServerTimestamps;
        store.Events.UseMandatoryStreamTypeDeclaration = true;
        store.Events.EnableEventTypeIndex = true;
        store.Events.MetadataConfig.UserNameEnabled = true;
        store.Projections.Errors.SkipApplyErrors = false;
        store.Projections.Errors.SkipSerializationErrors = false;
        store.Projections.Errors.SkipUnknownEvents = false;
        store.Projections.RebuildErrors.SkipApplyErrors = false;
        foreach (var (name, type) in FactTypes.ByName)
        {
            store.Events.MapEventType(type, name);
        }
    }

    public static void AddRecording(this IServiceCollection services)
    {
        services.AddSingleton<CommitLog>();
        services.AddSingleton<Recorder>();
        services.AddHostedService(provider => provider.GetRequiredService<Recorder>());
        services.AddSingleton<LogSignal>();
        services.AddHostedService(provider => provider.GetRequiredService<LogSignal>());
        services.AddSingleton<LogReader>();
        services.AddSingleton<LogOrigin>();
        services.AddSingleton<RegistryReader>();
        services.AddSingleton<StateReader>();
        services.AddSingleton<AsOfReader>();
    }
}
