package schedule

// chinese is Mandarin in simplified characters, which has no spaces.
var chinese = language{
	weekdays:      list[[7]string]("星期日,星期一,星期二,星期三,星期四,星期五,星期六"),
	shortWeekdays: list[[7]string]("周日,周一,周二,周三,周四,周五,周六"),
	months:        list[[12]string]("一月,二月,三月,四月,五月,六月,七月,八月,九月,十月,十一月,十二月"),
	shortMonths:   list[[12]string]("1月,2月,3月,4月,5月,6月,7月,8月,9月,10月,11月,12月"),
	monthDays: list[[31]string]("一号,二号,三号,四号,五号,六号,七号,八号,九号,十号,十一号,十二号,十三号,十四号,十五号,十六号," +
		"十七号,十八号,十九号,二十号,二十一号,二十二号,二十三号,二十四号,二十五号,二十六号,二十七号,二十八号,二十九号,三十号,三十一号"),
	numbers: list[[60]string]("零,一,二,三,四,五,六,七,八,九,十,十一,十二,十三,十四,十五,十六,十七,十八,十九,二十,二十一,二十二," +
		"二十三,二十四,二十五,二十六,二十七,二十八,二十九,三十,三十一,三十二,三十三,三十四,三十五,三十六,三十七,三十八,三十九,四十," +
		"四十一,四十二,四十三,四十四,四十五,四十六,四十七,四十八,四十九,五十,五十一,五十二,五十三,五十四,五十五,五十六,五十七,五十八,五十九"),
	varied:    []int{2}, // 两个人, 第二位
	inflected: map[Form]map[int]string{Measured: {2: "两"}},
	day: dayWords{
		yesterday: "昨天",
		today:     "今天",
		tomorrow:  "明天",
		near:      "{weekday}",
		far:       "{month}{date}{weekday}",
		texted:    "{month}{date}日{weekday}",
		month:     "{year}年{month}",
	},
	clock: clockWords{
		at:  chineseTimes,
		now: chineseTimes,
		parts: []partOfDay{
			{0, "凌晨"}, {5, "早上"}, {9, "上午"}, {12, "中午"}, {13, "下午"}, {18, "晚上"},
		},
		tens:    "零{minute}分",
		over:    "{minute}分",
		minutes: map[int]string{30: "半"},
		tonight: "今晚{zone}十二点",
		texted:  textedTimes{sharp: "{part}{hour}点", past: "{part}{hour}:{minute}", noon: "中午12点", twelve: true},
	},
	zone: zoneWords{
		regions:       chineseRegions,
		textedRegions: chineseTextedRegions,
		city:          "{city}时间",
		offset:        "UTC{offset}",
		cities: map[string]string{
			"Adak": "埃达克", "Anchorage": "安克雷奇", "Chicago": "芝加哥", "Denver": "丹佛", "Detroit": "底特律", "Edmonton": "埃德蒙顿", "Halifax": "哈利法克斯", "Honolulu": "檀香山",
			"Los Angeles": "洛杉矶", "Montreal": "蒙特利尔", "New York": "纽约", "Phoenix": "凤凰城", "St Johns": "圣约翰斯", "Toronto": "多伦多", "Vancouver": "温哥华", "Winnipeg": "温尼伯",
			"Asuncion": "亚松森", "Athens": "雅典", "Auckland": "奥克兰", "Bangkok": "曼谷", "Beijing": "北京", "Berlin": "柏林",
			"Bogota": "波哥大", "Brisbane": "布里斯班", "Brussels": "布鲁塞尔", "Buenos Aires": "布宜诺斯艾利斯", "Cairo": "开罗", "Cancun": "坎昆",
			"Caracas": "加拉加斯", "Chongqing": "重庆", "Cuba": "古巴", "Dawson": "育空", "Dubai": "迪拜", "Dublin": "都柏林", "Eire": "爱尔兰",
			"Guam": "关岛", "Guatemala": "危地马拉", "Harbin": "哈尔滨", "Havana": "哈瓦那", "Ho Chi Minh": "胡志明市", "Hong Kong": "香港", "Hongkong": "香港",
			"Jakarta": "雅加达", "Jamaica": "牙买加", "Japan": "日本", "Jerusalem": "耶路撒冷", "Johannesburg": "约翰内斯堡", "Kolkata": "印度", "Calcutta": "印度", "Kuala Lumpur": "吉隆坡",
			"Lima": "利马", "Lisbon": "里斯本", "London": "伦敦", "Macau": "澳门", "Macao": "澳门", "Madrid": "马德里", "Manila": "马尼拉", "Melbourne": "墨尔本",
			"Mexico City": "墨西哥城", "Montevideo": "蒙得维的亚", "Moscow": "莫斯科", "Nairobi": "内罗毕", "Panama": "巴拿马", "Paris": "巴黎", "Perth": "珀斯",
			"Port-au-Prince": "太子港", "Puerto Rico": "波多黎各", "Regina": "萨斯喀彻温", "Rome": "罗马",
			"Santiago": "圣地亚哥", "Santo Domingo": "圣多明各", "Sao Paulo": "圣保罗", "Seoul": "首尔", "Shanghai": "北京", "Singapore": "新加坡",
			"Swift Current": "萨斯喀彻温", "Sydney": "悉尼", "Taipei": "台北", "Tokyo": "东京", "Urumqi": "乌鲁木齐",
			"Vienna": "维也纳", "Whitehorse": "育空", "Zurich": "苏黎世",
		},
	},
	spoken:  "{day}{zone}{time}",
	written: "{day}{zone}{time}",
	marks:   marks{clause: "，", name: "、", item: "；"},
	series: seriesWords{
		once:       "只有一次，{date}",
		daily:      "每天",
		everyDays:  "每{n}天",
		plural:     list[[7]string]("星期日,星期一,星期二,星期三,星期四,星期五,星期六"),
		weekly:     "每{days}",
		mondayToFr: "星期一到星期五",
		everyOther: "每两周的{weekday}",
		everyWeeks: "每{n}周的{weekdays}",
		ordinals: map[int]string{
			1: "第一个", 2: "第二个", 3: "第三个", 4: "第四个", 5: "第五个", -1: "最后一个", -2: "倒数第二个", -3: "倒数第三个",
		},
		nth:         "{nths}{weekday}",
		workday:     "工作日",
		monthly:     "每月{list}",
		everyMonths: "每{n}个月的{list}",
		monthDay:    "{days}",
		lastDay:     "最后一天",
		varying:     "日期不固定，",
		inMonths:    "{months}，{when}",
		and:         "和",
		two:         "两",
		twoWeeks:    "两",
	},
}

var chineseTimes = timeWords{
	hours: list[[24]string]("零点,一点,两点,三点,四点,五点,六点,七点,八点,九点,十点,十一点," +
		"十二点,一点,两点,三点,四点,五点,六点,七点,八点,九点,十点,十一点"),
	sharp:    "{part}{hour}",
	past:     "{part}{hour}{minute}",
	noon:     "中午十二点",
	midnight: "凌晨零点",
}

// chineseTextedRegions are as short as Chinese papers in America have them: a text of two
// times has 70 characters.
var chineseTextedRegions = map[region]string{
	eastern: "美东", central: "美中", mountain: "山区", arizona: "亚利桑那", pacific: "美西", alaska: "阿拉斯加",
	hawaii: "夏威夷", atlantic: "大西洋", newfoundland: "纽芬兰", universal: "UTC",
}

var chineseRegions = map[region]string{
	eastern: "东部时间", central: "中部时间", mountain: "山区时间", arizona: "亚利桑那时间", pacific: "太平洋时间", alaska: "阿拉斯加时间",
	hawaii: "夏威夷时间", atlantic: "大西洋时间", newfoundland: "纽芬兰时间", universal: "世界标准时间",
}
