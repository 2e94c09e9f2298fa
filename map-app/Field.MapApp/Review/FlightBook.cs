using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Field.Store;
using Field.Vision.Quality;

namespace Field.MapApp.Review;

/// <summary>What the list of flights needs of a photo.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Device">Whose it is.</param>
/// <param name="At">When it was taken.</param>
/// <param name="State">Of SPEC.md section 8.</param>
/// <param name="Codes">Of <see cref="QualityCodes"/>.</param>
internal sealed record PhotoMark(string Id, string Device, DateTimeOffset At, string State, ImmutableArray<string> Codes);

/// <summary>Photos of one device without a long pause between them.</summary>
/// <param name="Photos">In the order in which they were taken; at least one.</param>
internal sealed record StoredFlight(IReadOnlyList<PhotoMark> Photos)
{
    private const string TimeFormat = "yyyyMMdd'T'HHmmssfff'Z'";

    /// <summary>Device and first photo; while photos still arrive any time within the flight names it too.</summary>
    public string Id => $"{Device}:{First.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}";

    public string Device => Photos[0].Device;

    public DateTimeOffset First => Photos[0].At;

    public DateTimeOffset Last => Photos[^1].At;

    public int Count(string state) => Photos.Count(p => p.State == state);

    /// <summary>Photos of a code.</summary>
    public int Useless(string code) => Photos.Count(p => p.Codes.Contains(code));

    /// <summary>Whether the id names this flight; an id from before an earlier photo arrived lies within it.</summary>
    public bool IsNamed(string id)
    {
        int colon = id.LastIndexOf(':');
        return colon > 0 && id.AsSpan(0, colon).SequenceEqual(Device)
            && DateTimeOffset.TryParseExact(id.AsSpan(colon + 1), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at)
            && at >= First.AddMilliseconds(-1) && at <= Last;
    }
}

/// <summary>
/// The flights that the photos of the store make. A photo does not say which flight it is of, so those of one device belong together until
/// <see cref="Pause"/> goes by without one: longer than the change of a battery, shorter than the way to the next structure mostly is.
/// Reads only what changed since it was asked last. Thread-safe.
/// </summary>
internal sealed class FlightBook(IFeatureStore store) : IDisposable
{
    /// <summary>Flights are at least this far apart.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(30);

    private const int PageSize = 1000;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<string, PhotoMark> _photos = new(StringComparer.Ordinal);
    private IReadOnlyList<StoredFlight> _flights = [];
    private long _revision;

    /// <summary>All flights, the latest first.</summary>
    public async Task<IReadOnlyList<StoredFlight>> ListAsync(CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            bool hasChanged = false;
            FeaturePage page;
            do
            {
                page = await store.QueryAsync(FieldTables.Photos, new FeatureQuery { SinceRevision = _revision, Limit = PageSize }, cancel).ConfigureAwait(false);
                foreach (Feature photo in page.Features)
                {
                    (_photos[photo.Id], _revision, hasChanged) = (Mark(photo), photo.Revision, true);
                }
            }
            while (!page.IsLast);
            return hasChanged ? _flights = Flights(_photos.Values) : _flights;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The flight of the id, or null.</summary>
    public async Task<StoredFlight?> FindAsync(string id, CancellationToken cancel) => (await ListAsync(cancel).ConfigureAwait(false)).FirstOrDefault(f => f.IsNamed(id));

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    /// <summary>The codes that a photo's row has.</summary>
    public static ImmutableArray<string> Codes(Feature photo)
    {
        if (photo.Text("quality") is not { } json)
        {
            return [];
        }

        using JsonDocument codes = JsonDocument.Parse(json);
        return [.. codes.RootElement.EnumerateArray().Select(c => c.GetString() ?? "")];
    }

    private static PhotoMark Mark(Feature photo) => new(
        photo.Id, photo.Text("device") ?? "", photo.Time("capturedAt") ?? photo.Time("receivedAt") ?? DateTimeOffset.UnixEpoch, photo.Text("state") ?? "", Codes(photo));

    private static List<StoredFlight> Flights(IEnumerable<PhotoMark> photos)
    {
        List<StoredFlight> flights = [];
        foreach (IGrouping<string, PhotoMark> device in photos.GroupBy(p => p.Device))
        {
            List<PhotoMark> flight = [];
            foreach (PhotoMark photo in device.OrderBy(p => p.At).ThenBy(p => p.Id, StringComparer.Ordinal))
            {
                if (flight.Count > 0 && photo.At - flight[^1].At >= Pause)
                {
                    flights.Add(new StoredFlight(flight));
                    flight = [];
                }

                flight.Add(photo);
            }

            flights.Add(new StoredFlight(flight));
        }

        return [.. flights.OrderByDescending(f => f.Last).ThenBy(f => f.Id, StringComparer.Ordinal)];
    }
}
