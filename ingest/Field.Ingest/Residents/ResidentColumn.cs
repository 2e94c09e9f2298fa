namespace Field.Ingest.Residents;

/// <summary>What a column of a file of residents holds.</summary>
public enum ResidentColumn
{
    /// <summary>Something that is not needed.</summary>
    Other,

    /// <summary>Longitude or east.</summary>
    East,

    /// <summary>Latitude or north.</summary>
    North,

    /// <summary>People of the household.</summary>
    People,

    /// <summary>Of them, aged 65 or more.</summary>
    Aged65,

    /// <summary>Age of one person, years.</summary>
    Age,

    /// <summary>Day of birth of one person.</summary>
    BirthDate,

    /// <summary>On the list of people who need support to evacuate (避難行動要支援者): a number or a mark.</summary>
    NeedsSupport,

    /// <summary>Household number.</summary>
    Household,

    /// <summary>Neighbourhood association.</summary>
    Association,

    /// <summary>Says that nobody in the file is real.</summary>
    Synthetic,
}

/// <summary>The usual names of such columns.</summary>
public static class ResidentColumnNames
{
    private static readonly Dictionary<string, ResidentColumn> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["lon"] = ResidentColumn.East,
        ["lng"] = ResidentColumn.East,
        ["longitude"] = ResidentColumn.East,
        ["経度"] = ResidentColumn.East,
        ["east"] = ResidentColumn.East,
        ["eastM"] = ResidentColumn.East,
        ["lat"] = ResidentColumn.North,
        ["latitude"] = ResidentColumn.North,
        ["緯度"] = ResidentColumn.North,
        ["north"] = ResidentColumn.North,
        ["northM"] = ResidentColumn.North,
        ["people"] = ResidentColumn.People,
        ["人数"] = ResidentColumn.People,
        ["世帯人数"] = ResidentColumn.People,
        ["世帯人員"] = ResidentColumn.People,
        ["age65"] = ResidentColumn.Aged65,
        ["aged65"] = ResidentColumn.Aged65,
        ["65歳以上"] = ResidentColumn.Aged65,
        ["高齢者"] = ResidentColumn.Aged65,
        ["高齢者数"] = ResidentColumn.Aged65,
        ["age"] = ResidentColumn.Age,
        ["年齢"] = ResidentColumn.Age,
        ["birthDate"] = ResidentColumn.BirthDate,
        ["生年月日"] = ResidentColumn.BirthDate,
        ["needsSupport"] = ResidentColumn.NeedsSupport,
        ["needs_support"] = ResidentColumn.NeedsSupport,
        ["要支援者"] = ResidentColumn.NeedsSupport,
        ["要支援者数"] = ResidentColumn.NeedsSupport,
        ["避難行動要支援者"] = ResidentColumn.NeedsSupport,
        ["household"] = ResidentColumn.Household,
        ["householdNumber"] = ResidentColumn.Household,
        ["household_id"] = ResidentColumn.Household,
        ["世帯番号"] = ResidentColumn.Household,
        ["association"] = ResidentColumn.Association,
        ["neighbourhoodAssociation"] = ResidentColumn.Association,
        ["自治会"] = ResidentColumn.Association,
        ["自治会名"] = ResidentColumn.Association,
        ["町内会"] = ResidentColumn.Association,
        ["町内会名"] = ResidentColumn.Association,
        ["行政区"] = ResidentColumn.Association,
        ["synthetic"] = ResidentColumn.Synthetic,
        ["合成データ"] = ResidentColumn.Synthetic,
    };

    /// <summary>What a column of this name holds.</summary>
    public static ResidentColumn Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Names.GetValueOrDefault(name.Trim());
    }
}
