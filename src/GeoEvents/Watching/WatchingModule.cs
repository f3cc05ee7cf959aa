using GeoEvents.Hosting;
using Marten;

namespace GeoEvents.Watching;

/// <summary>What others have to know of feeds.</summary>
public static class WatchingModule
{
    /// <summary>Configuration key: seconds that the place of a feed may take to begin an answer, or let pass in the middle of one; 30 if not set.</summary>
    public const string Patience = "Feeds:PatienceSeconds";

    public static void AddWatching(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<FeedStore>();
        services.AddSingleton<FeedMetrics>();
        services.AddSingleton(provider => new FeedPlaces(
            OutgoingAddresses.Handler(configuration.GetValue<bool>(OutgoingAddresses.Override)),
            TimeSpan.FromSeconds(configuration.GetValue(Patience, 30.0)),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<FeedCheck>();
        services.AddSingleton<FeedWatcher>();
        services.AddHostedService(provider => provider.GetRequiredService<FeedWatcher>());
    }

    public static void AddWatching(this StoreOptions store) => store.Schema.For<Feed>().Identity(f => f.Name).MultiTenanted();
}
