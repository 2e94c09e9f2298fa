using System.Globalization;
using Field.Geo.Routes;
using Field.Geo.Routes.Export;

namespace Field.MapApp.Routes;

/// <summary>Writes a plan's files and says in words what it is.</summary>
internal sealed class RouteOutput(string folder, bool japanese, TimeProvider time)
{
    /// <summary>
    /// Writes <c>preview.geojson</c> and <c>summary.txt</c>, and for each flight of a plan that can be flown <c>flight-NN.plan</c> and, when the
    /// aircraft flies WPML, <c>flight-NN.kmz</c>. Flights of an earlier plan in the folder are removed: nobody shall fly them by mistake.
    /// </summary>
    public void Write(RoutePlan plan)
    {
        try
        {
            Directory.CreateDirectory(folder);
            foreach (string old in Directory.EnumerateFiles(folder, "flight-*").Where(f => Path.GetExtension(f) is ".kmz" or ".plan").ToArray())
            {
                File.Delete(old);
            }

            foreach (RouteFlight flight in plan.Flights)
            {
                string name = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"flight-{flight.Number:00}"));
                File.WriteAllBytes(name + ".plan", QgcPlanExport.Plan(plan, flight));
                if (plan.Request.Camera.Wpml is not null)
                {
                    File.WriteAllBytes(name + ".kmz", WpmlExport.Kmz(plan, flight, time.GetUtcNow()));
                }
            }

            File.WriteAllBytes(Path.Combine(folder, "preview.geojson"), RoutePreview.GeoJson(plan));
            File.WriteAllText(Path.Combine(folder, "summary.txt"), Text(plan));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RouteInputException($"{folder}: 書き込めません / cannot be written ({e.Message})", e);
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
        if (plan.FaceDistanceM is not null)
        {
            yield return Pick(
                "桁の真下は飛びません（測位が途切れるため）。桁下は外側から見上げて写します。部材に隠れる所は別に点検してください。",
                "nothing is flown under the deck, where positioning fails: its underside is seen from outside. Inspect what members hide by other means.");
        }

        foreach (RouteFlight flight in plan.Flights)
        {
            string home = string.Create(CultureInfo.InvariantCulture, $"{flight.Home.Position.Lon:0.000000},{flight.Home.Position.Lat:0.000000}");
            int photos = flight.Legs.Sum(l => l.Photos.Count);
            yield return Pick(
                $"  {flight.Number}: 離着陸 {home}、経路 {flight.Legs[0].Name}～{flight.Legs[^1].Name}、写真 {photos} 枚、{N(flight.TimeS / 60)} 分、{N(flight.DistanceM)} m",
                $"  {flight.Number}: home {home}, tracks {flight.Legs[0].Name} to {flight.Legs[^1].Name}, {photos} photos, {N(flight.TimeS / 60)} min, {N(flight.DistanceM)} m");
        }

        if (plan.Request.Homes.Count == 0)
        {
            yield return Pick("離着陸地点は提案です。現地で立てるか確かめてください。", "home points are proposals: check that one can stand there.");
        }

        if (plan.Request.Camera.Wpml is null)
        {
            yield return Pick(
                "この機体は DJI のルートファイル（KMZ）を読めないため、.plan だけを書きました。",
                "this aircraft reads no DJI route files (KMZ): only .plan was written.");
        }
    }

    private string Pick(string ja, string en) => japanese ? ja : en;

    private static string N(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Mm(double metres) => (metres * 1000).ToString("0.0", CultureInfo.InvariantCulture);
}
