using System.Globalization;
using System.IO.Compression;
using System.Text;
using Field.Geo.Routes;
using Field.Geo.Routes.Export;

namespace Field.MapApp.Routes;

/// <summary>A file of a plan.</summary>
/// <param name="Name">With its extension.</param>
/// <param name="Bytes">What is in it.</param>
internal sealed record RouteFile(string Name, byte[] Bytes);

/// <summary>Makes a plan's files and says in words what it is.</summary>
internal sealed class RouteFiles(bool japanese, TimeProvider time)
{
    private const int MostNames = 5;

    /// <summary>
    /// <c>preview.geojson</c> and <c>summary.txt</c>, and for each flight of a plan that can be flown <c>flight-NN.plan</c> and, when the
    /// aircraft flies WPML, <c>flight-NN.kmz</c>.
    /// </summary>
    public IEnumerable<RouteFile> All(RoutePlan plan)
    {
        foreach (RouteFlight flight in plan.Flights)
        {
            yield return Plan(plan, flight);
            if (plan.Request.Camera.Wpml is not null)
            {
                yield return Kmz(plan, flight);
            }
        }

        yield return new RouteFile("preview.geojson", RoutePreview.GeoJson(plan));
        yield return new RouteFile("summary.txt", Encoding.UTF8.GetBytes(Text(plan)));
    }

    public static RouteFile Plan(RoutePlan plan, RouteFlight flight) => new($"{Name(flight)}.plan", QgcPlanExport.Plan(plan, flight));

    public RouteFile Kmz(RoutePlan plan, RouteFlight flight) => new($"{Name(flight)}.kmz", WpmlExport.Kmz(plan, flight, time.GetUtcNow()));

    /// <summary>All files in one.</summary>
    public byte[] Zip(RoutePlan plan)
    {
        using MemoryStream buffer = new();
        using (ZipArchive zip = new(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (RouteFile file in All(plan))
            {
                using Stream entry = zip.CreateEntry(file.Name).Open();
                entry.Write(file.Bytes);
            }
        }

        return buffer.ToArray();
    }

    /// <summary>Writes all files. Flights of an earlier plan in the folder are removed: nobody shall fly them by mistake.</summary>
    public void Write(RoutePlan plan, string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            foreach (string old in Directory.EnumerateFiles(folder, "flight-*").Where(f => Path.GetExtension(f) is ".kmz" or ".plan").ToArray())
            {
                File.Delete(old);
            }

            foreach (RouteFile file in All(plan))
            {
                File.WriteAllBytes(Path.Combine(folder, file.Name), file.Bytes);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RouteInputException(folder, RouteInputFault.Unwritable(e.Message), e);
        }
    }

    /// <summary>What the operator reads.</summary>
    public string Text(RoutePlan plan)
    {
        IEnumerable<string> lines = plan.Refusals.Count > 0 ? Refused(plan) : Planned(plan);
        return string.Join('\n', lines) + "\n";
    }

    private IEnumerable<string> Refused(RoutePlan plan)
    {
        yield return Pick($"この条件では飛べません（理由 {plan.Refusals.Count} 件）。", $"cannot be flown as asked for ({plan.Refusals.Count} reasons).");
        foreach (RouteRefusal refusal in plan.Refusals)
        {
            yield return $"  [{refusal.Code}] {RouteRefusalText.Of(refusal, japanese)}";
        }
    }

    private IEnumerable<string> Planned(RoutePlan plan)
    {
        yield return Pick(
            $"写真 {plan.PhotoCount} 枚、飛行 {N(plan.TimeS / 60)} 分、バッテリー {plan.Flights.Count} 本、経路 {plan.Legs.Count} 本",
            $"{plan.PhotoCount} photos, {N(plan.TimeS / 60)} min in the air, {plan.Flights.Count} batteries, {plan.Legs.Count} tracks");
        yield return Pick(
            $"画素寸法 {Mm(plan.Gsd.MinM)}～{Mm(plan.Gsd.MaxM)} mm（平均 {Mm(plan.Gsd.MeanM)} mm）、撮影間隔 {N(plan.IntervalM)} m、経路間隔 {N(plan.SpacingM)} m",
            $"ground sample distance {Mm(plan.Gsd.MinM)}-{Mm(plan.Gsd.MaxM)} mm (mean {Mm(plan.Gsd.MeanM)} mm), a photo every {N(plan.IntervalM)} m, tracks {N(plan.SpacingM)} m apart");
        yield return Pick(
            $"撮影範囲の被覆率 {N(Math.Floor(plan.CoverageShare * 1000) / 10)} %、写らない所 {plan.Gaps.Count} か所",
            $"{N(Math.Floor(plan.CoverageShare * 1000) / 10)} % of the target is shown, {plan.Gaps.Count} gaps");
        NoFlyZone[] avoided = [.. plan.Request.NoFly.Except(plan.Permitted)];
        if (avoided.Length > 0)
        {
            string names = string.Join(japanese ? "、" : ", ", avoided.Select(z => z.Name).Distinct().Take(MostNames));
            yield return Pick($"飛行禁止区域 {avoided.Length} 件を避けます（{names}{(avoided.Length > MostNames ? " ほか" : "")}）", $"{avoided.Length} no-fly areas are avoided ({names}{(avoided.Length > MostNames ? " and others" : "")})");
        }

        foreach (RouteFlight flight in plan.Flights)
        {
            string home = string.Create(CultureInfo.InvariantCulture, $"{flight.Home.Position.Lon:0.000000},{flight.Home.Position.Lat:0.000000}");
            int photos = flight.Legs.Sum(l => l.Photos.Count);
            yield return Pick(
                $"  {flight.Number}: 離着陸 {home}、経路 {flight.Legs[0].Name}～{flight.Legs[^1].Name}、写真 {photos} 枚、{N(flight.TimeS / 60)} 分、{N(flight.DistanceM)} m",
                $"  {flight.Number}: home {home}, tracks {flight.Legs[0].Name} to {flight.Legs[^1].Name}, {photos} photos, {N(flight.TimeS / 60)} min, {N(flight.DistanceM)} m");
        }

        foreach (RouteWarning warning in RouteWarning.Of(plan))
        {
            yield return warning.Text(japanese);
        }
    }

    private static string Name(RouteFlight flight) => string.Create(CultureInfo.InvariantCulture, $"flight-{flight.Number:00}");

    private string Pick(string ja, string en) => japanese ? ja : en;

    private static string N(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Mm(double metres) => (metres * 1000).ToString("0.0", CultureInfo.InvariantCulture);
}
